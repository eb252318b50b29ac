package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.model.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A BERT or RoBERTa model in Hugging Face layout: config.json, tokenizer.json, model.safetensors or its shards. The pooling is that
 * of a sentence-transformers {@code 1_Pooling/config.json} beside them, else the mean; what else {@code modules.json} asks for, but for
 * normalised vectors, is refused.
 */
public final class BertDirectory {
    private static final String POOLING = "1_Pooling";

    private BertDirectory() {}

    public static BertModel load(Path directory) {
        return load(directory, UnaryOperator.identity());
    }

    /**
     * The same with other weights.
     *
     * @param change from the directory's weights to those that are loaded
     */
    public static BertModel load(Path directory, UnaryOperator<WeightSource> change) {
        BertConfig config = BertConfig.of(ConfigJson.read(directory.resolve("config.json")));
        Path tokenizer = ConfigJson.checkedSize(directory.resolve("tokenizer.json"));
        String id = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        try (ShardedWeights weights = ShardedWeights.open(directory, BertDirectory::spellings)) {
            return BertModel.load(
                    id, config, pooling(directory), change.apply(weights), () -> Files.newInputStream(tokenizer));
        }
    }

    /**
     * Refuses what {@link #load} would refuse whatever the weights and the tokenizer are.
     *
     * @throws ModelFormatException if the configuration is that of another model, or its vectors are made otherwise
     */
    public static void requireSupported(Path directory) {
        BertConfig.of(ConfigJson.read(directory.resolve("config.json")));
        pooling(directory);
    }

    private static Pooling pooling(Path directory) {
        Path modules = directory.resolve("modules.json");
        if (Files.exists(modules)) {
            requireModules(modules, ConfigJson.tree(modules));
        }
        Path file = directory.resolve(POOLING).resolve("config.json");
        if (!Files.exists(file)) {
            return Pooling.MEAN;
        }
        ConfigJson config = ConfigJson.read(file);
        Set<String> modes = config.json().propertyNames().stream()
                .filter(key -> key.startsWith("pooling_mode_") && config.flag(key))
                .collect(Collectors.toCollection(TreeSet::new));
        if (modes.equals(Set.of("pooling_mode_cls_token"))) {
            return Pooling.CLS;
        }
        if (modes.equals(Set.of("pooling_mode_mean_tokens"))) {
            return Pooling.MEAN;
        }
        throw new ModelFormatException(
                "%s asks for %s; only either pooling_mode_cls_token or pooling_mode_mean_tokens is supported"
                        .formatted(file, modes.isEmpty() ? "no pooling" : String.join(" and ", modes)));
    }

    /** What sentence-transformers computes, module by module; vectors are normalised here in any case. */
    private static void requireModules(Path file, JsonNode modules) {
        if (!modules.isArray()) {
            throw new ModelFormatException(file + " must hold a JSON array");
        }
        for (JsonNode module : modules) {
            String type = module.path("type").asString("");
            boolean known = switch (type.substring(type.lastIndexOf('.') + 1)) {
                case "Transformer" -> module.path("path").asString("").isEmpty();
                case "Pooling" -> module.path("path").asString("").equals(POOLING);
                case "Normalize" -> true;
                default -> false;
            };
            if (!known) {
                throw new ModelFormatException(
                        "%s has the module '%s' in '%s'; supported are a Transformer in '', a Pooling in '%s' and Normalize"
                                .formatted(file, type, module.path("path").asString(""), POOLING));
            }
        }
    }

    /** With and without the prefixes {@code bert.} and {@code roberta.}; layer norms also by the {@code gamma} and {@code beta} of old files. */
    public static List<String> spellings(String name) {
        String old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return Stream.of("", "bert.", "roberta.")
                .flatMap(prefix -> Stream.of(prefix + name, prefix + old))
                .toList();
    }
}
