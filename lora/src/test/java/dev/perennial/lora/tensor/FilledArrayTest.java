package dev.perennial.lora.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.FloatParts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FilledArrayTest {
    private final PtNDManager memory = Torch.memory();

    @AfterEach
    void close() {
        memory.close();
    }

    private static ByteBuffer part(float... values) {
        ByteBuffer part = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        part.asFloatBuffer().put(values);
        return part;
    }

    @Test
    void partsFollowEachOtherBitForBit() {
        int before = memory.getManagedArrays().size();
        FilledArray filled = new FilledArray(memory, 2, 3);
        filled.put(part(1, -0f));
        filled.put(part(Float.MIN_VALUE));
        filled.put(part(4, 5, 6));
        assertThat(filled.array().getShape().getShape()).containsExactly(2, 3);
        assertThat(Torch.values(filled.array())).containsExactly(1, -0f, Float.MIN_VALUE, 4, 5, 6);
        assertThat(memory.getManagedArrays()).hasSize(before + 1);
    }

    @Test
    void manyPartsOfTheSameBufferAreCopies() {
        float[] values = new float[2 * FloatParts.MAX_VALUES + 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        FilledArray filled = new FilledArray(memory, values.length);
        FloatParts.pass(values, filled::put);
        assertThat(Torch.values(filled.array())).containsExactly(values);
    }

    @Test
    void tooFewAndTooManyValuesAreRefused() {
        FilledArray filled = new FilledArray(memory, 3);
        filled.put(part(1, 2));
        assertThatThrownBy(filled::array).hasMessage("an array of (3) got 2 values only");
        assertThatThrownBy(() -> filled.put(part(3, 4))).hasMessage("4 values are too many for an array of (3)");
        assertThat(Torch.values(new FilledArray(memory, 0, 4).array())).isEmpty();
    }
}
