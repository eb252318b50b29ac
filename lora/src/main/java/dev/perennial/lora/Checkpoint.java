package dev.perennial.lora;

import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run at one point, complete: what seeds decide is a function of the step and needs no place here. As a file it is a
 * safetensors whose metadata hold the state.
 *
 * @param state absent for a run that has not begun
 * @param best weights with the best validation so far
 */
record Checkpoint(
        Identity identity,
        LoraConfig lora,
        Optional<RunState> state,
        SortedMap<String, Tensor> weights,
        SortedMap<String, Tensor> firstMoments,
        SortedMap<String, Tensor> secondMoments,
        SortedMap<String, Tensor> best) {

    /** Which run it is: a checkpoint continues only the one that wrote it. */
    record Identity(String sha256) {
        static Identity of(TextEncoder encoder, TrainingData data, TrainingConfig config) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update((encoder.sha256() + config + data).getBytes(StandardCharsets.UTF_8));
                return new Identity(HexFormat.of().formatHex(digest.digest()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final String IDENTITY = "run";
    private static final String LORA = "lora";

    static Checkpoint fresh(Identity identity, ClassifierWeights weights) {
        SortedMap<String, Tensor> zeros = new TreeMap<>();
        weights.tensors()
                .forEach((name, tensor) ->
                        zeros.put(name, new Tensor(tensor.shape(), new float[tensor.values().length])));
        return new Checkpoint(
                identity, weights.lora(), Optional.empty(), weights.tensors(), zeros, zeros, weights.tensors());
    }

    static Tensor required(SortedMap<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return tensor;
    }

    void write(Path file) {
        SortedMap<String, Tensor> all = new TreeMap<>();
        weights.forEach((name, tensor) -> all.put("weight/" + name, tensor));
        firstMoments.forEach((name, tensor) -> all.put("first/" + name, tensor));
        secondMoments.forEach((name, tensor) -> all.put("second/" + name, tensor));
        best.forEach((name, tensor) -> all.put("best/" + name, tensor));
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(IDENTITY, identity.sha256());
        metadata.put(LORA, JsonMapper.shared().writeValueAsString(lora));
        state.orElseThrow().writeTo(metadata);
        SafetensorsWriter.write(file, metadata, all);
    }

    static Checkpoint read(Path file, Identity expected) {
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            SortedMap<String, String> metadata = source.metadata();
            if (!expected.sha256().equals(metadata.get(IDENTITY))) {
                throw new ModelFormatException(
                        file + " is no checkpoint of a run with this encoder, data and config; start a new run");
            }
            LoraConfig lora = JsonMapper.shared().readValue(metadata.getOrDefault(LORA, "{}"), LoraConfig.class);
            SortedMap<String, Tensor> weights = group(source, "weight/");
            return new Checkpoint(
                    expected,
                    lora,
                    Optional.of(RunState.readFrom(metadata)),
                    weights,
                    likeWeights(group(source, "first/"), weights),
                    likeWeights(group(source, "second/"), weights),
                    likeWeights(group(source, "best/"), weights));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelFormatException(file + " holds a broken state; start a new run", e);
        }
    }

    private static SortedMap<String, Tensor> group(SafetensorsFile source, String prefix) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        source.names().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> tensors.put(name.substring(prefix.length()), source.tensor(name)));
        return tensors;
    }

    private static SortedMap<String, Tensor> likeWeights(
            SortedMap<String, Tensor> tensors, SortedMap<String, Tensor> weights) {
        boolean alike = tensors.keySet().equals(weights.keySet())
                && tensors.entrySet().stream()
                        .allMatch(entry -> required(weights, entry.getKey())
                                .shape()
                                .equals(entry.getValue().shape()));
        if (!alike) {
            throw new IllegalArgumentException("weights, moments and best weights are not of the same shapes");
        }
        return tensors;
    }
}
