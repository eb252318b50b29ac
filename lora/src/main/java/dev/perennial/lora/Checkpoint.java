package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.LoraJson;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.model.Digest;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * A run at one point, complete: what seeds decide is a function of the step and needs no place here. As a file it is a
 * safetensors whose metadata hold the state.
 *
 * @param lora settings of the adapters, if there are any: those of a parent replace the recipe's
 * @param best weights with the best validation so far
 * @param good where a step back leads; absent if the run takes none
 * @param earlier what holds the weights near those of the start; absent without such a penalty
 */
record Checkpoint(
        Identity identity,
        Optional<LoraSettings> lora,
        RunState state,
        Parameters.Weights weights,
        SortedMap<String, Tensor> best,
        Optional<Good> good,
        Optional<Consolidation> earlier) {

    /** Which run it is: a checkpoint continues only the one that wrote it. */
    record Identity(String sha256) {
        static Identity of(TextEncoder encoder, TrainingData data, TrainingConfig config) {
            return of(encoder.identity(), data::addTo, config);
        }

        static Identity of(LanguageModel model, CausalData data, TrainingConfig config) {
            return of(model.identity(), data::addTo, config);
        }

        private static Identity of(String model, Consumer<Digest> data, TrainingConfig config) {
            Digest digest = new Digest().add(model).add(config.toString());
            data.accept(digest);
            return new Identity(digest.hex());
        }
    }

    /** The last point at which the run was sound. */
    record Good(RunState state, Parameters.Weights weights) {
        Good at(RunState.Pace pace) {
            return new Good(state.at(pace), weights);
        }
    }

    /** Before the first step. */
    static Checkpoint fresh(Identity identity, Trainee<?> trainee, TrainingConfig config) {
        SortedMap<String, Tensor> tensors = trainee.start().tensors();
        Parameters.Weights weights = Parameters.Weights.fresh(tensors);
        try (PtNDManager memory = Torch.memory();
                Parameters parameters = new Parameters(memory, weights)) {
            Validation validation = trainee.hasValidation() ? trainee.validate(parameters.arrays()) : Validation.NONE;
            RunState state = RunState.start(validation);
            return new Checkpoint(
                    identity,
                    trainee.start().loraSettings(),
                    state,
                    weights,
                    tensors,
                    config.adaptation().stepBacks() > 0 ? Optional.of(new Good(state, weights)) : Optional.empty(),
                    config.retention().ewc() > 0
                            ? Optional.of(Consolidation.of(trainee, parameters, config.seed()))
                            : Optional.empty());
        }
    }

    private static final String IDENTITY = "run";
    private static final String LORA = "lora";
    private static final String GOOD = "good";

    void write(Path file) {
        SortedMap<String, Tensor> all = new TreeMap<>();
        put(all, "", weights);
        put(all, "best/", best);
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(IDENTITY, identity.sha256());
        lora.ifPresent(settings -> metadata.put(LORA, LoraJson.text(settings)));
        state.writeTo(metadata);
        good.ifPresent(point -> {
            put(all, "good/", point.weights());
            metadata.put(GOOD, point.state().text());
        });
        earlier.ifPresent(penalty -> {
            put(all, "anchor/", penalty.anchor());
            put(all, "importance/", penalty.importance());
        });
        SafetensorsWriter.write(file, metadata, all);
    }

    private static void put(SortedMap<String, Tensor> all, String prefix, Parameters.Weights weights) {
        put(all, prefix + "weight/", weights.values());
        put(all, prefix + "first/", weights.first());
        put(all, prefix + "second/", weights.second());
    }

    private static void put(SortedMap<String, Tensor> all, String prefix, SortedMap<String, Tensor> tensors) {
        tensors.forEach((name, tensor) -> all.put(prefix + name, tensor));
    }

    static Checkpoint read(Path file, Identity expected) {
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            SortedMap<String, String> metadata = source.metadata();
            if (!expected.sha256().equals(metadata.get(IDENTITY))) {
                throw new ModelFormatException(file
                        + " is no checkpoint of a run with this model, in this precision, with this data and config:"
                        + " resume with what it was started with, or start a new run");
            }
            Parameters.Weights weights = weights(source, "");
            return new Checkpoint(
                    expected,
                    Optional.ofNullable(metadata.get(LORA)).map(text -> LoraJson.settings(text, file + ": " + LORA)),
                    RunState.readFrom(metadata),
                    weights,
                    like(weights.values(), group(source, "best/")),
                    Optional.ofNullable(metadata.get(GOOD))
                            .map(text -> new Good(RunState.of(text), weights(source, "good/"))),
                    consolidation(source, weights));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelFormatException(file + " holds a broken state; start a new run", e);
        }
    }

    private static Optional<Consolidation> consolidation(SafetensorsFile source, Parameters.Weights weights) {
        SortedMap<String, Tensor> anchor = group(source, "anchor/");
        return anchor.isEmpty()
                ? Optional.empty()
                : Optional.of(new Consolidation(
                        like(weights.values(), anchor), like(weights.values(), group(source, "importance/"))));
    }

    private static Parameters.Weights weights(SafetensorsFile source, String prefix) {
        SortedMap<String, Tensor> values = group(source, prefix + "weight/");
        return new Parameters.Weights(
                values,
                like(values, group(source, prefix + "first/")),
                like(values, group(source, prefix + "second/")));
    }

    private static SortedMap<String, Tensor> group(SafetensorsFile source, String prefix) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        source.names().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> tensors.put(name.substring(prefix.length()), source.tensor(name)));
        return tensors;
    }

    private static SortedMap<String, Tensor> like(
            SortedMap<String, Tensor> weights, SortedMap<String, Tensor> tensors) {
        boolean alike = tensors.keySet().equals(weights.keySet())
                && tensors.entrySet().stream()
                        .allMatch(entry -> Parameters.Weights.required(weights, entry.getKey())
                                .shape()
                                .equals(entry.getValue().shape()));
        if (!alike) {
            throw new IllegalArgumentException("weights, moments and best weights are not of the same shapes");
        }
        return tensors;
    }
}
