package dev.perennial.lora.export;

import dev.perennial.lora.export.MergePlan.Meant;
import dev.perennial.lora.model.Digests;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.safetensors.StoredTensor;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Reads what was written and compares it with what was meant. */
record Verification(Family family, Path base, Path written) {
    private static final double TOLERANCE = 1e-4;

    /** Every tensor, bit for bit. */
    void weights(SortedMap<String, Meant> meant) throws IOException {
        try (ShardedWeights files = ShardedWeights.open(written, family::spellings)) {
            if (!files.names().equals(meant.keySet())) {
                throw new IllegalStateException("the merged model has other tensors than it should");
            }
            for (Map.Entry<String, Meant> entry : meant.entrySet()) {
                StoredTensor stored = files.file(entry.getKey()).stored(entry.getKey());
                if (!same(
                        entry.getValue(),
                        stored,
                        () -> files.file(entry.getKey()).tensor(entry.getKey()))) {
                    throw new IllegalStateException(
                            "tensor '" + entry.getKey() + "' is not what was written; is the disk broken?");
                }
            }
        }
    }

    private static boolean same(Meant meant, StoredTensor stored, Supplier<Tensor> read) throws IOException {
        if (stored.type() != meant.stored().type()
                || !stored.shape().equals(meant.stored().shape())) {
            return false;
        }
        return meant.values() == null
                ? Arrays.equals(digest(stored), digest(meant.stored()))
                : read.get().sameAs(meant.values().get());
    }

    private static byte[] digest(StoredTensor tensor) throws IOException {
        try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), Digests.sha256())) {
            tensor.content().writeTo(out);
            return out.getMessageDigest().digest();
        }
    }

    /** The outputs for a few tokens: those of the base under the changes. */
    void outputs(MergePlan plan, WeightChanges changes) {
        float[] expected = expected(plan, changes);
        float[] found = family.outputs(written, source -> source, null, null);
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
        }
        if (expected.length != found.length || !(difference <= TOLERANCE * largest)) {
            throw new IllegalStateException(
                    "the merged model computes something else than the base with the changes: outputs up to %g differ by up to %g"
                            .formatted(largest, difference));
        }
    }

    /**
     * With an adapter beside the base where weights are stored exactly. Where they are rounded, which alone changes outputs
     * by more than the tolerance, the base with the rounded weights in place.
     */
    private float[] expected(MergePlan plan, WeightChanges changes) {
        boolean exact = plan.precision() == Precision.F32;
        Set<String> merged = exact
                ? plan.spelled(changes.replaced().keySet())
                : plan.changes().keySet();
        Tensor head = plan.changes().containsKey(MergePlan.HEAD) ? plan.value(MergePlan.HEAD) : null;
        return family.outputs(
                base, source -> new Overlay(source, family, plan, merged), exact ? changes.lora() : null, head);
    }
}
