package dev.perennial.lora.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatEncodingTest {
    @TempDir
    Path directory;

    @Test
    void everyPairOfNeighboursOfAShortTypeIsRoundedToTheNearestAndFromTheMiddleToTheEvenOne() {
        for (int pattern = 0; pattern < 0x7c00 - 1; pattern++) { // finite halves
            check(
                    FloatEncoding.F16,
                    Float.float16ToFloat((short) pattern),
                    Float.float16ToFloat((short) (pattern + 1)),
                    pattern);
        }
        for (int pattern = 0; pattern < 0x7f80 - 1; pattern++) { // finite bfloats
            check(
                    FloatEncoding.BF16,
                    Float.intBitsToFloat(pattern << 16),
                    Float.intBitsToFloat((pattern + 1) << 16),
                    pattern);
        }
    }

    private static void check(FloatEncoding encoding, float low, float high, int pattern) {
        double middle = ((double) low + high) / 2;
        float even = pattern % 2 == 0 ? low : high;
        for (int sign : new int[] {1, -1}) {
            assertRounded(encoding, sign * low, sign * low);
            if ((float) middle == middle) { // of the smallest bfloats it is no float
                assertRounded(encoding, (float) (sign * middle), sign * even);
                assertRounded(encoding, sign * Math.nextDown((float) middle), sign * low);
                assertRounded(encoding, sign * Math.nextUp((float) middle), sign * high);
            }
        }
    }

    private static void assertRounded(FloatEncoding encoding, float value, float expected) {
        if (Float.floatToRawIntBits(encoding.rounded(value)) != Float.floatToRawIntBits(expected)) {
            throw new AssertionError(
                    "%s of %s is %s, not %s".formatted(encoding, value, encoding.rounded(value), expected));
        }
    }

    @Test
    void whatIsBeyondAShortTypeBecomesInfiniteAndWhatIsNoNumberStaysNone() {
        assertThat(FloatEncoding.F16.rounded(65520)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatEncoding.F16.rounded(65519)).isEqualTo(65504);
        assertThat(FloatEncoding.BF16.rounded(-Float.MAX_VALUE)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatEncoding.BF16.rounded(Float.intBitsToFloat(0x7f800001))).isNaN();
        assertThat(FloatEncoding.BF16.rounded(Float.intBitsToFloat(0x7fffffff))).isNaN();
        assertThatThrownBy(() -> FloatEncoding.of(ElementType.I64)).hasMessageContaining("not written as I64");
    }

    @Test
    void tensorsOfSeveralTypesAreReadAgainAndEachLiesOnItsOwnBoundary() throws IOException {
        Path file = directory.resolve("x.safetensors");
        Tensor odd = Tensor.of(new float[] {1, -2.5f, 3}, 3);
        SafetensorsWriter.writeStored(
                file,
                new TreeMap<>(),
                Map.of(
                        "a", StoredTensor.floats(ElementType.F16, odd.shape(), () -> odd),
                        "b", StoredTensor.floats(ElementType.BF16, odd.shape(), () -> odd),
                        "c", StoredTensor.floats(ElementType.F32, odd.shape(), () -> odd),
                        "d", new StoredTensor(ElementType.U8, List.of(1L), out -> out.write(7)),
                        "e",
                                new StoredTensor(
                                        ElementType.I64,
                                        List.of(1L),
                                        out -> out.write(new byte[] {7, 0, 0, 0, 0, 0, 0, 0}))));
        Path copy = directory.resolve("copy.safetensors");
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            for (String name : List.of("a", "b", "c")) {
                assertThat(read.tensor(name).sameAs(odd)).isTrue();
            }
            assertThat(read.type("e")).isEqualTo(ElementType.I64);
            Map<String, StoredTensor> all = new TreeMap<>();
            read.names().forEach(name -> all.put(name, read.stored(name)));
            SafetensorsWriter.writeStored(copy, new TreeMap<>(), all);
        }
        assertThat(copy).hasSameBinaryContentAs(file);
        String header = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(header)
                .containsSubsequence("\"e\"", "[0,8]", "\"c\"", "[8,20]", "\"a\"", "[20,26]", "\"b\"", "\"d\"");
    }

    @Test
    void aTensorThatIsNotAsAnnouncedIsNoFile() {
        Path file = directory.resolve("x.safetensors");
        StoredTensor shorter = new StoredTensor(ElementType.U8, List.of(2L), out -> out.write(7));
        assertThatThrownBy(() -> SafetensorsWriter.writeStored(file, new TreeMap<>(), Map.of("a", shorter)))
                .hasMessageContaining("tensor 'a' came with 1 bytes, not 2");
        StoredTensor other = StoredTensor.floats(ElementType.F32, List.of(2L), () -> Tensor.of(new float[1], 1));
        assertThatThrownBy(() -> SafetensorsWriter.writeStored(file, new TreeMap<>(), Map.of("a", other)))
                .hasMessageContaining("announced as [2] is [1]");
        assertThat(directory).isEmptyDirectory();
    }
}
