package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training begins with or has made.
 *
 * @param tensors all that is trained, by name: {@code <path of a linear>.lora_A} and {@code .lora_B}, a prefix, weights of
 *     the model under their Hugging Face names, a classifier's head
 */
record Trained(TuningMethod method, SortedMap<String, Tensor> tensors) {
    Trained {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    /**
     * What a run begins with that goes on from a parent: the parent's weights with what these are bound to (rank, alpha,
     * targets), and of this run the dropout and the base's precision.
     *
     * @throws IllegalArgumentException if the parent was made by another method or has a prefix of another length
     */
    Trained continued(Trained parent) {
        if (!parent.method.getClass().equals(method.getClass())) {
            throw new IllegalArgumentException("the parent was made by %s; a run that continues it cannot use %s"
                    .formatted(parent.method, method));
        }
        if (parent.method instanceof TuningMethod.Prefix theirs && !parent.method.equals(method)) {
            throw new IllegalArgumentException(
                    "the parent is a prefix of %1$d tokens: a run that continues it must have %1$d too"
                            .formatted(theirs.tokens()));
        }
        return new Trained(
                parent.method instanceof TuningMethod.Lora theirs && method instanceof TuningMethod.Lora ours
                        ? new TuningMethod.Lora(
                                theirs.settings().withDropout(ours.settings().dropout()), ours.base())
                        : parent.method,
                parent.tensors);
    }

    /** What a run of a method begins with that was broken off. */
    static Trained resumed(TuningMethod method, Checkpoint checkpoint) {
        return new Trained(
                method instanceof TuningMethod.Lora lora
                        ? new TuningMethod.Lora(checkpoint.lora().orElse(lora.settings()), lora.base())
                        : method,
                checkpoint.weights().values());
    }

    Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    Optional<LoraSettings> loraSettings() {
        return method instanceof TuningMethod.Lora lora ? Optional.of(lora.settings()) : Optional.empty();
    }

    /** What the tensors take in memory, in 32 bits. */
    long bytes() {
        return tensors.values().stream()
                        .mapToLong(tensor -> tensor.values().length)
                        .sum()
                * Float.BYTES;
    }

    /** The adapters among the tensors, if the method has any. */
    Optional<LoraWeights> lora() {
        SortedMap<String, Tensor> adapters = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.endsWith(LoraWeights.A) || name.endsWith(LoraWeights.B)) {
                adapters.put(name, tensor);
            }
        });
        return loraSettings().map(settings -> new LoraWeights(settings, adapters));
    }
}
