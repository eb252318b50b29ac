package dev.perennial.generator;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;

/** Documents that several tests use. */
public final class Fixtures {
    private Fixtures() {}

    public static final String TEMPLATE = """
            name: intents
            role: You write requests of customers in {{language}}.
            task: |
              Write {{count}} about {{label}}: {{labelDescription}} ({{style}}, {{difficulty}}).
              Facts:
              {{knowledge}}
              Examples:
              {{examples}}
            outputFormat: |
              {"samples": [{"text": "...", "label": "{{label}}"}]}
            labelDescriptions:
              offline: There is no connection at all.
              slow: It is slower than it should be.
            grammar:
              patterns:
                offline: ["{symptom} since {when}", "{hello}, {symptom}", "{symptom}, {ending}"]
                slow: ["{symptom} {when}", "{hello}, why {symptom}?"]
              slots:
                hello: [hi, hello, good morning]
                when: [yesterday, last night, this morning, Monday, two days ago]
                ending: [please help, thanks, what now]
            """;

    public static final String KNOWLEDGE = """
            # Devices
            - symptom: prose before the first device is not a list

            ## Core
            The gateway with a halo.
            - name: Core | Aurora
            - symptom (offline): the halo is dark | the Core is asleep | the ring pulses amber | nothing is online
            - symptom (slow): the Core snores | the halo breathes violet | pages crawl on the {name}
            """;

    public static ModelSpec spec(String model, String provider, long tokensPerDay, String template) {
        return SpecReader.read("""
                name: %s
                task: {type: classification, language: en, labels: [offline, slow]}
                baseModel: all-minilm-l6-v2
                generation: {template: %s, provider: %s, knowledge: [devices.md], budget: {tokensPerDay: %d}}
                evaluation: {sets: [holdout]}
                """.formatted(model, template, provider, tokensPerDay));
    }
}
