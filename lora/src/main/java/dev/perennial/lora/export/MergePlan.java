package dev.perennial.lora.export;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.safetensors.ElementType;
import dev.perennial.lora.safetensors.FloatEncoding;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.StoredTensor;
import dev.perennial.lora.safetensors.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every tensor of a merged model is made of, by its name in the base's files. Nothing is read before a tensor is asked
 * for.
 *
 * @param changes by those names
 * @param tied whether the base's output uses its word embeddings
 */
record MergePlan(ShardedWeights base, SortedMap<String, Change> changes, boolean tied, Precision precision) {
    static final String HEAD = "lm_head.weight";
    static final String WORDS = "model.embed_tokens.weight";

    /** Makes a weight. */
    @FunctionalInterface
    interface Change {
        /** From the base's weight, which is read only if it is asked for. */
        Tensor of(Supplier<Tensor> base);
    }

    /**
     * A tensor of the merged model.
     *
     * @param values exactly those that are stored; null if it is a copy, byte for byte
     */
    record Meant(StoredTensor stored, @Nullable Supplier<Tensor> values) {}

    /** Checks that every change has its place in the base. */
    static MergePlan of(ShardedWeights base, WeightChanges changes, boolean tied, Precision precision) {
        MergePlan plan = new MergePlan(base, new TreeMap<>(), tied, precision);
        changes.replaced().forEach(plan::replace);
        LoraWeights lora = changes.lora();
        if (lora != null) {
            lora.tensors().keySet().forEach(name -> plan.requireLora(lora, name));
            lora.tensors().keySet().stream()
                    .filter(name -> name.endsWith(LoraWeights.A))
                    .forEach(name -> plan.merge(lora, path(name)));
        }
        return plan;
    }

    private void replace(String name, Tensor tensor) {
        String spelling = spelled(name);
        requireShape(name, source(spelling), tensor);
        put(name, spelling, _ -> tensor);
    }

    /** The names that weights have in the files. */
    Set<String> spelled(Set<String> names) {
        return names.stream().map(this::spelled).collect(Collectors.toSet());
    }

    private String spelled(String name) {
        if (tied && name.equals(HEAD)) {
            return HEAD; // which the base has under another name
        }
        return base.spelled(name)
                .orElseThrow(() -> new ModelFormatException(
                        "the base has no weight '%s', so it cannot be changed in it".formatted(name)));
    }

    private void put(String name, String spelling, Change change) {
        if (changes.put(spelling, change) != null) {
            throw new ModelFormatException("weight '" + name + "' is changed twice");
        }
    }

    private void requireShape(String name, String source, Tensor tensor) {
        List<Long> shape = base.file(source).shape(source);
        if (!tensor.shape().equals(shape)) {
            throw new ModelFormatException(
                    "weight '%s' has the shape %s, in the base %s".formatted(name, tensor.shape(), shape));
        }
        if (!base.file(source).type(source).real() || !tensor.finite()) {
            throw new ModelFormatException("weight '" + name + "' holds values that are no finite numbers");
        }
    }

    private static String path(String name) {
        return name.substring(0, name.length() - LoraWeights.A.length());
    }

    private void requireLora(LoraWeights lora, String name) {
        boolean a = name.endsWith(LoraWeights.A);
        if ((!a && !name.endsWith(LoraWeights.B))
                || !lora.tensors().containsKey(path(name) + (a ? LoraWeights.B : LoraWeights.A))) {
            throw new ModelFormatException("tensor '" + name + "' is no half of an adapter's pair");
        }
    }

    private void merge(LoraWeights lora, String path) {
        String name = path + ".weight";
        if (name.equals(HEAD) || name.equals(WORDS)) {
            throw new ModelFormatException(
                    "an adapter on " + path + " cannot be merged: only linears of layers carry adapters");
        }
        Tensor a = Objects.requireNonNull(lora.tensors().get(path + LoraWeights.A));
        Tensor b = Objects.requireNonNull(lora.tensors().get(path + LoraWeights.B));
        String spelling = spelled(name);
        boolean pair = a.shape().size() == 2
                && b.shape().size() == 2
                && a.shape().getFirst().equals(b.shape().getLast());
        if (!pair || !a.finite() || !b.finite()) {
            throw new ModelFormatException("the adapter of " + path + " is no pair of finite matrices");
        }
        List<Long> product = List.of(b.shape().getFirst(), a.shape().getLast());
        if (!product.equals(base.file(spelling).shape(spelling))) {
            throw new ModelFormatException("the adapter of %s makes %s, the weight in the base is %s"
                    .formatted(path, product, base.file(spelling).shape(spelling)));
        }
        Merge merge = new Merge(a, b, lora.settings().scale(path));
        put(name, spelling, weight -> merge.into(weight.get()));
    }

    /** Whether the merged model has an output of its own where the base's was tied to the embeddings. */
    boolean unties() {
        return tied && changes.containsKey(HEAD);
    }

    /** Of all tensors that are written. What a tied base stores of its output nobody reads. */
    SortedSet<String> names() {
        SortedSet<String> names = base.names();
        if (tied) {
            names.remove(HEAD);
        }
        names.addAll(changes.keySet());
        return names;
    }

    /** The base's tensor of which one is made. */
    private String source(String name) {
        return tied && name.equals(HEAD) ? WORDS : name;
    }

    Meant meant(String name) {
        String source = source(name);
        SafetensorsFile file = base.file(source);
        ElementType found = file.type(source);
        ElementType type = found.real() ? precision.of(found) : found;
        Change change = changes.get(name);
        if (change == null && type == found) {
            return new Meant(file.stored(source), null);
        }
        Supplier<Tensor> values = () -> {
            Tensor tensor = change == null ? file.tensor(source) : change.of(() -> file.tensor(source));
            return stored(name, type, tensor);
        };
        return new Meant(StoredTensor.floats(type, file.shape(source), values), values);
    }

    /** A changed weight as it is stored. */
    Tensor value(String name) {
        Supplier<Tensor> values = meant(name).values();
        return Objects.requireNonNull(values, name).get();
    }

    private static Tensor stored(String name, ElementType type, Tensor tensor) {
        Tensor rounded = FloatEncoding.of(type).rounded(tensor);
        if (!rounded.finite()) {
            throw new ModelFormatException(
                    "weight '%s' holds values that are no finite numbers in %s; write it with precision F32"
                            .formatted(name, type));
        }
        return rounded;
    }
}
