package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.FilledArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes weights from a source into the engine as 32-bit floats, each of the shape that its configuration calls for, and
 * part by part: beside the engine's copy there is none.
 *
 * @param linears the form of the linears' weights instead
 */
public record WeightArrays(PtNDManager memory, WeightSource source, MatrixForm linears) {
    /** In {@link #memory}. */
    public PtNDArray array(String name, long... shape) {
        return array(memory, name, shape);
    }

    /** The same in another scope. */
    public PtNDArray array(PtNDManager scope, String name, long... shape) {
        Filling filling = new Filling(scope, name, shape);
        source.read(name, filling::put, shape);
        return filling.array().array();
    }

    /** Allocates nothing before the source has approved of name and shape, which it does before the first part. */
    private static final class Filling {
        private final PtNDManager scope;
        private final String name;
        private final long[] shape;
        private @Nullable FilledArray array;

        Filling(PtNDManager scope, String name, long... shape) {
            this.scope = scope;
            this.name = name;
            this.shape = shape;
        }

        void put(ByteBuffer part) {
            requireFinite(name, part.asFloatBuffer());
            array().put(part);
        }

        FilledArray array() {
            FilledArray made = array;
            if (made == null) {
                made = new FilledArray(scope, shape);
                array = made;
            }
            return made;
        }
    }

    /** On the heap, for those who make something else of it. */
    public Tensor tensor(String name, long... shape) {
        Tensor tensor = source.tensor(name, shape);
        requireFinite(name, FloatBuffer.wrap(tensor.values()));
        return tensor;
    }

    private static void requireFinite(String name, FloatBuffer values) {
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw new ModelFormatException("weight '" + name + "' holds values that are no finite numbers");
            }
        }
    }

    /** {@code <path>.weight} and, if it has one, {@code <path>.bias}. */
    public Linear linear(String path, String target, int out, int in, boolean biased) {
        Matrix weight = linears.of(this, path + ".weight", out, in);
        return new Linear(path, target, weight, biased ? array(path + ".bias", out) : null);
    }
}
