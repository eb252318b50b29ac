package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many adapters in one batch, one for each row. The frozen linear runs once over all rows; neighbours with the same adapter
 * then get its change together. So rows are best sorted by adapter, and every row gets what it would get alone, to within
 * rounding. For inference, and for one thread at a time.
 *
 * <p>Different: serving systems stack A and B padded to the largest rank, a pair for every row, and use batched products.
 * That takes a copy of the weights for each row; at one token a row it was not clearly faster on a busy CPU (8 rows, width
 * 896, rank 16, 1 to 8 adapters).
 */
public final class RowAdapters implements Adapter {
    private List<Adapter> rows;
    private List<Group> groups;

    /** @param to exclusive */
    private record Group(Adapter adapter, int from, int to) {}

    /** @param rows one adapter for each row, {@link Adapter#NONE} for the bare model; the same object for the same one */
    public RowAdapters(List<Adapter> rows) {
        this.rows = List.copyOf(rows);
        this.groups = groups(this.rows);
    }

    @SuppressWarnings("ReferenceEquality") // an adapter's arrays must not be compared number by number
    private static List<Group> groups(List<Adapter> rows) {
        List<Group> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= rows.size(); i++) {
            if (i == rows.size() || rows.get(i) != rows.get(from)) {
                groups.add(new Group(rows.get(from), from, i));
                from = i;
            }
        }
        return groups;
    }

    /**
     * Goes on with some of the rows only.
     *
     * @param kept their indices, in the order that they are to have
     */
    public void keep(int... kept) {
        rows = Arrays.stream(kept).mapToObj(rows::get).toList();
        groups = groups(rows);
    }

    /** The number of all rows; of a prefix there can be one kind in a batch only. */
    @Override
    public int prefixTokens() {
        return onlyPrefix().prefixTokens();
    }

    @Override
    public @Nullable KeyValues prefix(int layer) {
        return onlyPrefix().prefix(layer);
    }

    private Adapter onlyPrefix() {
        boolean mixed = groups.size() > 1 && groups.stream().anyMatch(group -> group.adapter.prefixTokens() > 0);
        if (mixed) {
            throw new IllegalArgumentException(
                    "a prefix comes before all texts of a batch: give those of other adapters a batch of their own");
        }
        return groups.size() == 1 ? groups.getFirst().adapter : NONE;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // as above, and of the outputs: the same array, untouched
    public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
        if (x.getShape().get(0) != rows.size()) {
            throw new IllegalArgumentException(
                    "%d rows have %d adapters".formatted(x.getShape().get(0), rows.size()));
        }
        if (groups.size() == 1) {
            return groups.getFirst().adapter.adapt(linear, x, y);
        }
        PtNDArray[] parts = new PtNDArray[groups.size()];
        boolean changed = false;
        for (int i = 0; i < parts.length; i++) {
            Group group = groups.get(i);
            PtNDArray out = JniUtils.slice(y, 0, group.from, group.to, 1); // [b,T,out]
            PtNDArray in = group.adapter == Adapter.NONE ? x : JniUtils.slice(x, 0, group.from, group.to, 1);
            parts[i] = group.adapter.adapt(linear, in, out);
            changed |= parts[i] != out;
        }
        return changed ? JniUtils.cat(parts, 0) : y;
    }
}
