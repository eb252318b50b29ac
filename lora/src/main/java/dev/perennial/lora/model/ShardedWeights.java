package dev.perennial.lora.model;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.FloatParts;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The safetensors files of a directory, opened together: {@code model.safetensors} or its shards. */
public final class ShardedWeights implements WeightSource, AutoCloseable {
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");

    private final Path directory;
    private final List<SafetensorsFile> shards = new ArrayList<>();
    private final Map<String, SafetensorsFile> byName = new HashMap<>();

    private final Spellings spellings;

    private ShardedWeights(Path directory, Spellings spellings) {
        this.directory = directory;
        this.spellings = spellings;
    }

    /** The names that a weight can have in a file, the likeliest first. */
    @FunctionalInterface
    public interface Spellings {
        List<String> of(String name);
    }

    /** Opens the files and checks their headers; values are read as they are asked for. */
    public static ShardedWeights open(Path directory, Spellings spellings) {
        ShardedWeights weights = new ShardedWeights(directory, spellings);
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
        for (JsonNode file : ConfigJson.read(index).object("weight_map").json()) {
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
        String spelling = spelling(name);
        return file(spelling).tensor(spelling);
    }

    @Override
    public Tensor tensor(String name, long... shape) {
        String spelling = spelling(name);
        WeightSource.requireShape(name, file(spelling).shape(spelling), shape);
        return file(spelling).tensor(spelling);
    }

    @Override
    public void read(String name, FloatParts parts, long... shape) {
        String spelling = spelling(name);
        WeightSource.requireShape(name, file(spelling).shape(spelling), shape);
        file(spelling).read(spelling, parts);
    }

    /** All names in the files, as they are spelled there. */
    public SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** How a weight is spelled in the files; empty if it is in none. */
    public Optional<String> spelled(String name) {
        return spellings.of(name).stream().filter(byName::containsKey).findFirst();
    }

    /** The open file that has a weight, by its spelling. */
    public SafetensorsFile file(String spelling) {
        SafetensorsFile file = byName.get(spelling);
        if (file == null) {
            throw new ModelFormatException(directory + " has no weight '" + spelling + "'");
        }
        return file;
    }

    private String spelling(String name) {
        return spelled(name).orElseThrow(() -> new ModelFormatException(directory + " has no weight '" + name + "'"));
    }

    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
