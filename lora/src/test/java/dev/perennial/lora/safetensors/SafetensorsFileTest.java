package dev.perennial.lora.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBackAndAlwaysTheSameBytes() throws IOException {
        Map<String, Tensor> tensors = Map.of(
                "b", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                "a", Tensor.of(new float[] {-0f, Float.MIN_VALUE}, 2),
                "scalar", Tensor.of(new float[] {7}),
                "empty", Tensor.of(new float[0], 0, 4));
        Path first = write(tensors);
        byte[] bytes = Files.readAllBytes(first);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
        try (SafetensorsFile file = SafetensorsFile.open(first)) {
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(file.names()).containsExactly("a", "b", "empty", "scalar");
            tensors.forEach((name, tensor) -> {
                assertThat(file.tensor(name).shape()).isEqualTo(tensor.shape());
                assertThat(file.tensor(name).values()).containsExactly(tensor.values());
            });
        }
        assertThat(Files.readAllBytes(write(new TreeMap<>(tensors)))).isEqualTo(bytes);
    }

    private Path write(Map<String, Tensor> tensors) {
        Path file = directory.resolve("x.safetensors");
        SafetensorsWriter.write(file, new TreeMap<>(Map.of("format", "pt")), tensors);
        return file;
    }

    @ParameterizedTest
    @CsvSource({"F16, 003c00c0", "BF16, 803f00c0", "F32, 0000803f000000c0", "F64, 000000000000f03f00000000000000c0"})
    void realNumbersOfEveryWidthAreWidened(String type, String hexadecimal) throws IOException {
        byte[] data = HexFormat.of().parseHex(hexadecimal);
        Path file = raw("{'x':{'dtype':'%s','shape':[2],'data_offsets':[0,%d]}}".formatted(type, data.length), data);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.tensor("x").values()).containsExactly(1, -2);
        }
    }

    @Test
    void whatTheReferenceAcceptsIsAccepted() throws IOException {
        Path file = raw(" {'x':{'dtype':'U8','shape':[],'data_offsets':[0,1],'more':{'a':[1]}}}   ", new byte[1]);
        SafetensorsFile.open(file).close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[] | must be a JSON object",
                "{'x':1} | tensor 'x' must be an object",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | the file holds 8 bytes of data, its header describes 4",
                "{'x':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | the file holds 8 bytes of data, its header describes 12",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | without holes or overlaps",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'y':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | without holes or overlaps",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}} | takes 4 bytes by its shape, but 8 by its offsets",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | takes 8 bytes by its shape, but -8 by its offsets",
                "{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | impossible shape",
                "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | must be whole numbers",
                "{'x':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | must be whole numbers",
                "{'x':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | not valid JSON",
                "{'x':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | has the element type 'F8_E4M3'",
                "{'x':{'dtype':'F32','shape':[2]}} | needs dtype, shape and two data_offsets",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'x':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}} | not valid JSON",
                "{'__metadata__':{'a':1},'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | must hold texts only",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | goes on after",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | not valid JSON"
            })
    void aHeaderThatContradictsItselfOrTheFileIsRefused(String header, String message) throws IOException {
        Path file = raw(header, new byte[8]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "9223372036854775807", "100000001", "4000"})
    void aHeaderLengthBeyondFileOrLimitIsRefusedBeforeAnythingIsAllocated(long length) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Path file = Files.write(directory.resolve("x"), bytes.array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("header's length");
    }

    @Test
    void aMissingFileATensorThatIsNotThereAndOneThatIsNoRealNumberAreRefused() throws IOException {
        assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("none")))
                .isInstanceOf(ModelFormatException.class);
        Path file = raw("{'x':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}", new byte[8]);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> open.tensor("y")).hasMessageContaining("has no tensor 'y'");
            assertThatThrownBy(() -> open.tensor("x")).hasMessageContaining("store it as F32");
        }
    }

    @Test
    void aTensorOfMoreDimensionsThanTheEngineKnowsIsRefused() throws IOException {
        String ones = "1,".repeat(64);
        Path file = raw("{'x':{'dtype':'F32','shape':[%s2],'data_offsets':[0,8]}}".formatted(ones), new byte[8]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("more than 64 dimensions");
    }

    @ParameterizedTest
    @CsvSource({"F16, 2", "BF16, 2", "F32, 4", "F64, 8"})
    void aTensorOfManyWindowsArrivesInPartsAndInOrder(ElementType type, int width) throws IOException {
        int values = (9 << 20) / width + 1; // two windows and a little
        byte[] data = new byte[values * width];
        ByteBuffer numbers = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values; i++) {
            float value = value(i);
            switch (type) {
                case F16 -> numbers.putShort(Float.floatToFloat16(value));
                case BF16 -> numbers.putShort((short) (Float.floatToRawIntBits(value) >> 16));
                case F32 -> numbers.putFloat(value);
                default -> numbers.putDouble(value);
            }
        }
        Path file = raw(
                "{'x':{'dtype':'%s','shape':[%d],'data_offsets':[0,%d]}}".formatted(type, values, data.length), data);
        AtomicInteger next = new AtomicInteger();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.read("x", part -> {
                assertThat(part.limit()).isBetween(Float.BYTES, FloatParts.MAX_VALUES * Float.BYTES);
                for (int at = 0; at < part.limit(); at += Float.BYTES) {
                    if (part.getFloat(at) != value(next.getAndIncrement())) {
                        throw new AssertionError("value " + (next.get() - 1) + " is " + part.getFloat(at));
                    }
                }
            });
        }
        assertThat(next).hasValue(values);
    }

    /** Exact in every type. */
    private static float value(int i) {
        return i % 251 - 125;
    }

    @Test
    void aFileThatWasCutShortAfterItWasOpenedIsRefused() throws IOException {
        Path file = write(Map.of("x", Tensor.of(new float[1 << 20], 1 << 20)));
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            cut(file, 4096);
            assertThatThrownBy(() -> open.tensor("x"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("ends inside tensor 'x'");
        }
    }

    /** Behind the rest of the open window there is no memory any more then. */
    @Test
    void aFileThatIsCutShortWhileItIsReadIsRefused() throws IOException {
        Path file = write(Map.of("x", Tensor.of(new float[1 << 20], 1 << 20)));
        AtomicInteger parts = new AtomicInteger();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> open.read("x", _ -> {
                        if (parts.incrementAndGet() == 1) {
                            cut(file, 4096);
                        }
                    }))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("ends inside tensor 'x'");
        }
        assertThat(parts.get()).isPositive();
    }

    private static void cut(Path file, long bytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path raw(String header, byte[] data) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(directory.resolve("raw.safetensors"), bytes.array());
    }
}
