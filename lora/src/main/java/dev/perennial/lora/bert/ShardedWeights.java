package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The safetensors files of a directory, opened together. Names are looked up with and without the prefixes {@code bert.}
 * and {@code roberta.}, and layer norms also by the {@code gamma} and {@code beta} of old files.
 */
final class ShardedWeights implements WeightSource, AutoCloseable {
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");

    private final Path directory;
    private final List<SafetensorsFile> shards = new ArrayList<>();
    private final Map<String, SafetensorsFile> byName = new HashMap<>();

    private ShardedWeights(Path directory) {
        this.directory = directory;
    }

    static ShardedWeights open(Path directory) {
        ShardedWeights weights = new ShardedWeights(directory);
        try {
            for (String file : files(directory)) {
                SafetensorsFile shard = SafetensorsFile.open(directory.resolve(file));
                weights.shards.add(shard);
                shard.names().forEach(name -> weights.byName.put(name, shard));
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static Set<String> files(Path directory) {
        Path index = directory.resolve("model.safetensors.index.json");
        if (Files.exists(directory.resolve("model.safetensors")) || !Files.exists(index)) {
            return Set.of("model.safetensors");
        }
        Set<String> files = new TreeSet<>();
        for (JsonNode file : BertDirectory.json(index).path("weight_map")) {
            String name = file.asString("");
            if (!SHARD.matcher(name).matches()) {
                throw new ModelFormatException(index + " names the file '" + name + "'; shards must lie beside it");
            }
            files.add(name);
        }
        return files;
    }

    @Override
    public Tensor tensor(String name) {
        for (String prefix : List.of("", "bert.", "roberta.")) {
            for (String spelling : spellings(prefix + name)) {
                SafetensorsFile shard = byName.get(spelling);
                if (shard != null) {
                    return shard.tensor(spelling);
                }
            }
        }
        throw new ModelFormatException(directory + " has no weight '" + name + "'");
    }

    private static List<String> spellings(String name) {
        String old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return old.equals(name) ? List.of(name) : List.of(name, old);
    }

    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
