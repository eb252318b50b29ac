package dev.perennial.lora.adapter;

import dev.perennial.lora.Seeds;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of an adapter on the heap.
 *
 * @param tensors {@code <linear>.lora_A} [R,in] and {@code <linear>.lora_B} [out,R] for each adapted linear
 */
public record LoraWeights(LoraSettings settings, SortedMap<String, Tensor> tensors) {
    public static final String A = ".lora_A";
    public static final String B = ".lora_B";

    public LoraWeights {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    /** A uniform in +-1/sqrt(in) as in peft, B zero: the adapted model is the bare one. */
    public static LoraWeights fresh(LoraSettings settings, List<Linear> linears, long seed) {
        List<Linear> adapted = linears.stream().filter(settings::targets).toList();
        for (String target : settings.targetModules()) {
            if (adapted.stream().noneMatch(linear -> target.equals(linear.target()) || target.equals(linear.path()))) {
                throw new IllegalArgumentException("no linear of the model is called '%s'; there are %s"
                        .formatted(
                                target,
                                new TreeSet<>(
                                        linears.stream().map(Linear::target).toList())));
            }
        }
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Linear linear : adapted) {
            int rank = settings.rank(linear.path());
            float[] a = new float[rank * linear.in()];
            Random random = new Random(Seeds.mix(seed, linear.path().hashCode()));
            double bound = 1 / Math.sqrt(linear.in());
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
            tensors.put(linear.path() + A, Tensor.of(a, rank, linear.in()));
            tensors.put(linear.path() + B, Tensor.of(new float[linear.out() * rank], linear.out(), rank));
        }
        return new LoraWeights(settings, tensors);
    }

    /** Bit for bit, with the same settings. How they spell the linears does not count: the tensors say which they are. */
    boolean sameAs(LoraWeights other) {
        return settings.withTargets(other.settings.targetModules()).equals(other.settings)
                && tensors.keySet().equals(other.tensors.keySet())
                && tensors.keySet().stream().allMatch(name -> tensor(name).sameAs(other.tensor(name)));
    }

    Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }
}
