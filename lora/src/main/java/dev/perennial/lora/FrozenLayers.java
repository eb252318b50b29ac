package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The lower layers of a model in which nothing is trained: run once for each text, and what they gave is kept within a
 * bound. For one thread at a time; closing frees what is kept.
 *
 * <p>The same bits whatever was asked for before, so that a resumed run sees what the unbroken one saw: texts are run in
 * groups of like length that depend on all texts alone, and which groups are kept does too. The texts beyond the bound are
 * run together with the others of their batch beyond it.
 */
final class FrozenLayers implements AutoCloseable {
    private final List<long[]> texts;
    private final Model model;
    private final int depth;
    private final PtNDManager memory;
    private final List<List<Integer>> groups = new ArrayList<>();
    private final BitSet run = new BitSet();
    private final Map<Integer, Place> places = new HashMap<>();

    /** What the groups gave that were run so far, [1+N,D]: a row of zeros, then the tokens of all groups to keep. */
    private final PtNDArray rows;

    /** The model in front of some texts; an adapter of the layers above may be missing. */
    @FunctionalInterface
    interface Model {
        LayerChain chain(PtNDManager scope, List<long[]> texts);
    }

    /** The group of a text to keep, and the row of its first token. */
    private record Place(int group, long row) {}

    /**
     * @param texts token ids of all that is trained on
     * @param depth how many layers are frozen
     * @param width D
     * @param maxBytes of what is kept, 4 D for a token; zero keeps nothing
     */
    FrozenLayers(PtNDManager parent, List<long[]> texts, Model model, int depth, int width, long maxBytes) {
        this.texts = texts;
        this.model = model;
        this.depth = depth;
        this.memory = Torch.within(parent);
        this.rows = Torch.zeros(memory, 1 + place(maxBytes / (4L * width)), width);
    }

    /** Gives rows to groups, the shortest texts first, until the next one does not fit; says how many. */
    private long place(long maxRows) {
        long row = 0;
        for (List<Integer> group : LengthBatches.of(texts)) {
            if (row + tokens(group) > maxRows) {
                break;
            }
            for (int text : group) {
                places.put(text, new Place(groups.size(), 1 + row));
                row += texts.get(text).length;
            }
            groups.add(group);
        }
        return row;
    }

    private long tokens(List<Integer> group) {
        return group.stream().mapToLong(text -> texts.get(text).length).sum();
    }

    /**
     * What goes into the lowest layer that is not frozen, [B,T,D], T the longest text's tokens, with zeros after the end of
     * a shorter one; in {@code scope}, without a graph.
     *
     * @param batch indices of texts
     */
    PtNDArray output(PtNDManager scope, int... batch) {
        boolean recording = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (PtNDManager temporary = Torch.within(scope)) {
            PtNDArray x = kept(temporary, batch);
            addOthers(temporary, x, batch);
            x.attach(scope);
            return x;
        } finally {
            JniUtils.setGradMode(recording);
        }
    }

    /** With zeros for the texts that are not kept. */
    private PtNDArray kept(PtNDManager scope, int[] batch) {
        int t = Arrays.stream(batch).map(text -> texts.get(text).length).max().orElseThrow();
        long[] chosen = new long[batch.length * t];
        for (int i = 0; i < batch.length; i++) {
            Place place = places.get(batch[i]);
            if (place != null) {
                runOnce(place.group);
                for (int j = 0; j < texts.get(batch[i]).length; j++) {
                    chosen[i * t + j] = place.row + j;
                }
            }
        }
        return JniUtils.embedding(Torch.longs(scope, chosen, batch.length, t), rows, false); // [B,T,D]
    }

    private void runOnce(int group) {
        if (run.get(group)) {
            return;
        }
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray x = run(scope, groups.get(group));
            for (int i = 0; i < groups.get(group).size(); i++) {
                int text = groups.get(group).get(i);
                long first = Objects.requireNonNull(places.get(text)).row;
                copy(x, i, texts.get(text).length, rows, first);
            }
        }
        run.set(group);
    }

    private void addOthers(PtNDManager scope, PtNDArray x, int[] batch) {
        int[] others = IntStream.range(0, batch.length)
                .filter(i -> !places.containsKey(batch[i]))
                .toArray();
        if (others.length == 0) {
            return;
        }
        PtNDArray computed =
                run(scope, Arrays.stream(others).map(i -> batch[i]).boxed().toList());
        PtNDArray flat = JniUtils.reshape(x, new long[] {-1, x.getShape().get(2)}); // [B*T,D]
        for (int i = 0; i < others.length; i++) {
            copy(
                    computed,
                    i,
                    texts.get(batch[others[i]]).length,
                    flat,
                    others[i] * x.getShape().get(1));
        }
    }

    private PtNDArray run(PtNDManager scope, List<Integer> some) {
        LayerChain chain = model.chain(scope, some.stream().map(texts::get).toList());
        return Chains.forward(chain, 0, depth, chain.start()); // [B,T,D]
    }

    /** A text's vectors, from [B,T,D] to {@code length} rows of [N,D]. */
    private static void copy(PtNDArray from, int text, int length, PtNDArray to, long row) {
        long d = to.getShape().get(1);
        try (PtNDArray padded = JniUtils.slice(from, 0, text, text + 1L, 1); // [1,T,D]
                PtNDArray own = JniUtils.slice(padded, 1, 0, length, 1);
                PtNDArray vectors = JniUtils.squeeze(own, 0)) { // [T,D]
            JniUtils.indexSet(to, vectors, new long[] {row, 0}, new long[] {row + length, d}, new long[] {1, 1});
        }
    }

    /** Of all groups that are kept, whether they were run already or not. */
    long keptBytes() {
        return 4 * (rows.size() - rows.getShape().get(1));
    }

    /** For the test that batches leak nothing. */
    int managedArrays() {
        return memory.getManagedArrays().size();
    }

    @Override
    public void close() {
        memory.close();
    }
}
