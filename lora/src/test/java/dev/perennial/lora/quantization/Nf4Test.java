package dev.perennial.lora.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.RandomTensor;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("golden")
class Nf4Test {
    private static final long TABLES = 4 * (256 * 2 + 256);

    private final PtNDManager memory = Torch.memory();

    @AfterEach
    void close() {
        Torch.inference();
        memory.close();
    }

    private static Tensor golden(String name) throws URISyntaxException {
        Path file = Path.of(Nf4Test.class.getResource("/golden/nf4.safetensors").toURI());
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            return source.tensor(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "small", "student", "edges", "extremes"})
    void dequantisedWeightsAreThoseOfTheDefinitionBitForBit(String name) throws URISyntaxException {
        Nf4Weight quantized = Nf4Weight.quantize(golden(name + ".weight"));
        Tensor expected = golden(name + ".dequantized");
        assertThat(quantized.dequantize().shape()).isEqualTo(expected.shape());
        assertThat(bits(quantized.dequantize().values())).containsExactly(bits(expected.values()));
        PtNDArray wide = Nf4Matrix.of(memory, quantized).wide(memory);
        assertThat(wide.getShape().getShape()).containsExactly(expected.dimensions());
        assertThat(bits(wide.toFloatArray())).containsExactly(bits(expected.values()));
        assertThat(Nf4Matrix.of(memory, quantized).tensor().sameAs(expected)).isTrue();
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void theErrorOfNormalWeightsIsWithinHalfTheWidestGap() {
        Tensor weight = RandomTensor.normal(1, 64, 128);
        float[] restored = Nf4Weight.quantize(weight).dequantize().values();
        double squares = 0;
        for (int i = 0; i < restored.length; i++) {
            double error = restored[i] - weight.values()[i];
            squares += error * error;
        }
        assertThat(Math.sqrt(squares / restored.length)).isBetween(0.05, 0.12); // of a standard deviation of one
    }

    @Test
    void aWeightTakesFourBitsAndAnEighthAndALittle() {
        Nf4Weight quantized = Nf4Weight.quantize(RandomTensor.normal(2, 512, 512));
        assertThat(8.0 * quantized.bytes() / quantized.size()).isCloseTo(4.127, within(1e-3));
        Nf4Matrix matrix = Nf4Matrix.of(memory, quantized);
        assertThat(matrix.bytes()).isEqualTo(quantized.bytes());
        assertThat(held(memory)).as("all that the engine holds").isEqualTo(quantized.bytes() + TABLES);
    }

    private static long held(PtNDManager memory) {
        return memory.getManagedArrays().stream()
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                .sum();
    }

    @Test
    void theLinearIsThatOverTheWideWeightAndLeavesOnlyItsResult() {
        Nf4Weight quantized = Nf4Weight.quantize(RandomTensor.normal(3, 48, 96));
        PtNDArray bias = Torch.floats(memory, RandomTensor.normal(4, 48).values(), 48);
        Nf4Matrix matrix = Nf4Matrix.of(memory, quantized);
        PtNDArray wide = Torch.floats(memory, quantized.dequantize().values(), 48, 96);
        int before = memory.getManagedArrays().size();
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray x = Torch.floats(scope, RandomTensor.normal(5, 3 * 7 * 96).values(), 3, 7, 96);
            PtNDArray y = matrix.apply(x, bias);
            assertThat(y.getShape().getShape()).containsExactly(3, 7, 48);
            assertThat(y.toFloatArray())
                    .containsExactly(JniUtils.linear(x, wide, bias).toFloatArray());
            assertThat(scope.getManagedArrays().stream().filter(NDArray.class::isInstance))
                    .as("x and both results")
                    .hasSize(3);
        }
        assertThat(memory.getManagedArrays()).hasSize(before);
    }

    @Test
    void theGradientPassesThroughTheWideWeight() {
        Nf4Weight quantized = Nf4Weight.quantize(RandomTensor.normal(6, 32, 64));
        Nf4Matrix matrix = Nf4Matrix.of(memory, quantized);
        Torch.training();
        PtNDArray x = Torch.floats(memory, RandomTensor.normal(7, 5, 64).values(), 5, 64);
        x.setRequiresGradient(true);
        PtNDArray slope = Torch.floats(memory, RandomTensor.normal(8, 5, 32).values(), 5, 32);
        JniUtils.backward(matrix.apply(x, null), slope, false, false);
        float[] expected = JniUtils.matmul(
                        slope, Torch.floats(memory, quantized.dequantize().values(), 32, 64))
                .toFloatArray();
        try (PtNDArray gradient = JniUtils.getGradient(x)) {
            assertThat(gradient.toFloatArray()).containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void whatCannotBeQuantisedIsRefused() {
        assertThatThrownBy(() -> Nf4Weight.quantize(Tensor.of(new float[] {1, Float.NaN}, 2)))
                .hasMessageContaining("not finite");
        assertThatThrownBy(() -> Nf4Weight.quantize(Tensor.of(new float[0], 0, 4)))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> Nf4Matrix.of(memory, Nf4Weight.quantize(RandomTensor.normal(1, 8))))
                .hasMessageContaining("two dimensions");
        Nf4Weight good = Nf4Weight.quantize(RandomTensor.normal(1, 8, 8));
        assertThatThrownBy(() -> new Nf4Weight(
                        List.of(9L, 9L), good.codes(), good.scaleCodes(), good.scaleScales(), good.scaleMean()))
                .hasMessageContaining("shape [9, 9]");
    }
}
