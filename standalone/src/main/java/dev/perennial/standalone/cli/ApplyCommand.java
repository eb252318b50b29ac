package dev.perennial.standalone.cli;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecException;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.SampleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Declares a model with what belongs to it. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Declare a model from its spec file. Knowledge files are taken from beside it.",
            "Applying the same files again changes nothing."
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Option(
            names = {"-f", "--file"},
            required = true,
            description = "the model spec, YAML or JSON")
    Path file = Path.of("");

    @Option(names = "--template", description = "a prompt template to upload under the spec's template name")
    @Nullable
    Path template;

    @Option(names = "--evaluation-set", paramLabel = "SET=FILE", description = "an evaluation set, JSON lines or .csv")
    Map<String, Path> evaluationSets = Map.of();

    @Option(names = "--samples", description = "real samples, JSON lines or .csv")
    @Nullable
    Path samples;

    @Override
    public Integer call() throws IOException {
        ModelSpec spec = read();
        if (template != null && spec.generation().template().isEmpty()) {
            throw new IllegalArgumentException(
                    file + " names no template; give it generation.template, or leave --template out");
        }
        try (PerennialClient client = connection.open()) {
            if (template != null) {
                client.putTemplate(spec.generation().template(), Files.readString(template));
            }
            JsonNode declared = client.declare(spec.name(), Files.readString(file));
            for (String knowledge : spec.generation().knowledge()) {
                String content = Files.readString(file.resolveSibling(knowledge));
                Patience.untilKnown(() -> client.putKnowledge(spec.name(), knowledge, content));
            }
            ObjectNode all = JsonMapper.shared().createObjectNode();
            all.set("model", declared);
            all.set("evaluationSets", putEvaluationSets(client, spec.name()));
            all.set("samples", addSamples(client, spec.name()));
            output.show(all, answer -> describe(spec.name(), answer));
        }
        return 0;
    }

    private ObjectNode putEvaluationSets(PerennialClient client, String model) throws IOException {
        ObjectNode stored = JsonMapper.shared().createObjectNode();
        for (Map.Entry<String, Path> set : evaluationSets.entrySet()) {
            String content = Files.readString(set.getValue());
            SampleFormat format = SampleFormat.of(set.getValue());
            stored.set(
                    set.getKey(),
                    Patience.untilKnown(() -> client.putEvaluationSet(model, set.getKey(), content, format)));
        }
        return stored;
    }

    private @Nullable JsonNode addSamples(PerennialClient client, String model) throws IOException {
        Path file = samples;
        if (file == null) {
            return null;
        }
        String content = Files.readString(file);
        return Patience.untilKnown(() -> client.addSamples(model, content, SampleFormat.of(file)));
    }

    private static String describe(String model, JsonNode all) {
        JsonNode declared = all.path("model");
        StringBuilder text = new StringBuilder("model " + model + ", spec version ")
                .append(Output.cell(declared, "specVersion"))
                .append(declared.path("changed").asBoolean(true) ? "" : " (unchanged)");
        all.path("evaluationSets")
                .forEachEntry((set, stored) -> text.append("\nevaluation set ")
                        .append(set)
                        .append(": ")
                        .append(Output.cell(stored, "samples"))
                        .append(" samples"));
        if (all.hasNonNull("samples")) {
            text.append("\nsamples: ")
                    .append(Output.cell(all, "samples.queued"))
                    .append(" on their way to the pool, ")
                    .append(Output.cell(all, "samples.duplicates"))
                    .append(" known before");
        }
        return text.toString();
    }

    private ModelSpec read() throws IOException {
        try {
            return SpecReader.read(Files.readString(file));
        } catch (SpecException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
