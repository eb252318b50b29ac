package dev.perennial.lora.adapter;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.Linear;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** An adapter_config.json; keys and defaults as in peft 0.21.0. */
public final class LoraJson {
    private LoraJson() {}

    static LoraSettings read(ConfigJson json, List<String> targetModules) {
        if (!json.textOr("peft_type", "").equals("LORA")) {
            throw json.refusal("peft_type", "must be 'LORA'");
        }
        json.oneOf("bias", "none");
        for (String variant : List.of("use_dora", "use_qalora", "fan_in_fan_out", "lora_bias")) {
            if (json.flag(variant)) {
                throw json.refusal(variant, "is not supported");
            }
        }
        for (String more : List.of("modules_to_save", "layer_replication", "trainable_token_indices")) {
            if (!json.json().path(more).isEmpty()) {
                throw json.refusal(more, "is not supported and must be empty");
            }
        }
        try {
            return new LoraSettings(
                    json.size("r"),
                    json.positive("lora_alpha"),
                    json.share("lora_dropout"),
                    json.flag("use_rslora"),
                    targetModules,
                    patterns(json.object("rank_pattern"), ConfigJson::size),
                    patterns(json.object("alpha_pattern"), ConfigJson::positive));
        } catch (IllegalArgumentException | ModelFormatException e) {
            throw new ModelFormatException(json.source() + ": " + e.getMessage(), e);
        }
    }

    private static <V> ModulePatterns<V> patterns(ConfigJson json, BiFunction<ConfigJson, String, V> value) {
        Map<String, V> values = new LinkedHashMap<>();
        for (String key : json.json().propertyNames()) {
            values.put(key, value.apply(json, key));
        }
        return ModulePatterns.of(values);
    }

    /** Settings as text, to be {@linkplain #settings read} again. */
    public static String text(LoraSettings lora) {
        return write(lora, lora.targetModules(), TaskType.CAUSAL_LM, BaseModel.named(""));
    }

    /**
     * Settings from their text.
     *
     * @param source names the text in messages
     */
    public static LoraSettings settings(String text, String source) {
        ConfigJson json = new ConfigJson(JsonMapper.shared().readTree(text), source);
        return read(json, json.texts("target_modules"));
    }

    /** All keys that peft versions of the last years share, none that only some know. */
    static String write(LoraSettings lora, List<String> targetModules, TaskType task, BaseModel base) {
        Map<String, Object> json = new TreeMap<>(Map.of(
                "base_model_name_or_path",
                base.name(),
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
                lora.rank()));
        json.putAll(Map.of(
                "alpha_pattern", written(lora.alphas(), LoraJson::wholeIfPossible),
                "rank_pattern", written(lora.ranks(), rank -> rank),
                "target_modules", targetModules,
                "task_type", task.name(),
                "use_dora", false,
                "use_rslora", lora.rankStabilized()));
        if (base.revision() != null) {
            json.put("revision", base.revision());
        }
        return ConfigJson.text(json);
    }

    private static <V> Map<String, Number> written(ModulePatterns<V> patterns, Function<V, Number> number) {
        Map<String, Number> values = new LinkedHashMap<>();
        patterns.values().forEach((pattern, value) -> values.put(pattern, number.apply(value)));
        return values;
    }

    private static Number wholeIfPossible(double value) {
        if (value == Math.rint(value) && value < Integer.MAX_VALUE) {
            return (int) value;
        }
        return value;
    }

    /**
     * The names that mean just the adapted linears when peft compares them with the ends of all names: the short one where
     * it means all linears that end so, the full one where it would catch others.
     */
    static List<String> targets(List<Linear> adapted, List<Linear> linears) {
        Set<String> paths = adapted.stream().map(Linear::path).collect(Collectors.toSet());
        Map<String, Boolean> means = new HashMap<>(); // whether a short name means adapted linears only
        for (Linear linear : adapted) {
            means.computeIfAbsent(
                    linear.target(),
                    target -> linears.stream()
                            .map(Linear::path)
                            .filter(path -> ("." + path).endsWith("." + target))
                            .allMatch(paths::contains));
        }
        return adapted.stream()
                .map(linear -> means.getOrDefault(linear.target(), false) ? linear.target() : linear.path())
                .distinct()
                .sorted()
                .toList();
    }
}
