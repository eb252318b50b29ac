package dev.perennial.lora;

import dev.perennial.lora.model.Linear;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What this library needs of an adapter_config.json; keys and defaults as in peft 0.21.0. */
record PeftConfig(int rank, double alpha, double dropout) {
    private static final String ATTENTION_OUTPUT = "attention.output.dense";
    private static final String OUTPUT = "output.dense";

    static PeftConfig read(Path file) {
        JsonNode json = JsonFiles.read(file);
        requireDefault(json, "peft_type", "LORA", file);
        requireDefault(json, "bias", "none", file);
        for (String variant : List.of("use_dora", "use_rslora", "fan_in_fan_out")) {
            if (json.path(variant).asBoolean(false)) {
                throw new ModelFormatException(file + ": " + variant + " is not supported");
            }
        }
        for (String pattern : List.of("rank_pattern", "alpha_pattern", "modules_to_save")) {
            if (!json.path(pattern).isEmpty()) {
                throw new ModelFormatException(file + ": " + pattern + " is not supported and must be empty");
            }
        }
        if (!json.path("r").isInt()) {
            throw new ModelFormatException(file + ": r must be a whole number");
        }
        double dropout = json.has("lora_dropout") ? number(json, "lora_dropout", file) : 0;
        return checked(file, json.path("r").intValue(), number(json, "lora_alpha", file), dropout);
    }

    private static PeftConfig checked(Path file, int rank, double alpha, double dropout) {
        try {
            LoraConfig valid =
                    new LoraConfig(rank, alpha, dropout, LoraConfig.defaults().targetModules());
            return new PeftConfig(valid.rank(), valid.alpha(), valid.dropout());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file + ": " + e.getMessage(), e);
        }
    }

    private static void requireDefault(JsonNode json, String key, String supported, Path file) {
        String found = json.path(key).asString("");
        if (!found.equals(supported)) {
            throw new ModelFormatException(
                    "%s: %s is '%s', only '%s' is supported".formatted(file, key, found, supported));
        }
    }

    private static double number(JsonNode json, String key, Path file) {
        if (!json.path(key).isNumber()) {
            throw new ModelFormatException(file + ": " + key + " must be a number");
        }
        return json.path(key).asDouble(Double.NaN); // of a number beyond a double
    }

    /** All keys that peft versions of the last years share, none that only some know. */
    static String write(LoraConfig lora, TextEncoder encoder) {
        Map<String, Object> json = new TreeMap<>(Map.of(
                "base_model_name_or_path",
                encoder.id(),
                "bias",
                "none",
                "fan_in_fan_out",
                false,
                "inference_mode",
                true,
                "init_lora_weights",
                true,
                "lora_alpha",
                wholeIfPossible(lora.alpha()),
                "lora_dropout",
                lora.dropout(),
                "peft_type",
                "LORA",
                "r",
                lora.rank(),
                "target_modules",
                targets(lora, encoder)));
        json.putAll(Map.of(
                "alpha_pattern",
                Map.of(),
                "rank_pattern",
                Map.of(),
                "task_type",
                "FEATURE_EXTRACTION",
                "use_dora",
                false,
                "use_rslora",
                false));
        return JsonFiles.write(json);
    }

    private static Number wholeIfPossible(double value) {
        if (value == Math.rint(value) && value < Integer.MAX_VALUE) {
            return (int) value;
        }
        return value;
    }

    /**
     * peft matches the ends of names, so {@code output.dense} alone would also catch {@code attention.output.dense}: then
     * the linears are named in full.
     */
    private static List<String> targets(LoraConfig lora, TextEncoder encoder) {
        List<String> targets = new ArrayList<>(lora.targetModules());
        if (targets.contains(OUTPUT) && !targets.contains(ATTENTION_OUTPUT)) {
            targets.remove(OUTPUT);
            encoder.model().weights().linears().stream()
                    .filter(linear -> linear.target().equals(OUTPUT))
                    .map(Linear::path)
                    .forEach(targets::add);
        }
        return targets;
    }
}
