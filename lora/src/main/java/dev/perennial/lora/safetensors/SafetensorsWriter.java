package dev.perennial.lora.safetensors;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes tensors in an order of their own, so that the same tensors and metadata always give the same bytes. */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** As in the reference: wide elements first, so that every tensor is aligned to its own. */
    private static final Comparator<Map.Entry<String, StoredTensor>> ORDER =
            Comparator.<Map.Entry<String, StoredTensor>>comparingInt(
                            entry -> -entry.getValue().type().bytes)
                    .thenComparing(Map.Entry::getKey);

    private SafetensorsWriter() {}

    /** Replaces the file atomically; all tensors become F32. */
    public static void write(Path file, SortedMap<String, String> metadata, Map<String, Tensor> tensors) {
        Map<String, StoredTensor> stored = new HashMap<>();
        tensors.forEach(
                (name, tensor) -> stored.put(name, StoredTensor.floats(ElementType.F32, tensor.shape(), () -> tensor)));
        writeStored(file, metadata, stored);
    }

    /** Replaces the file atomically; one tensor at a time is in memory. */
    public static void writeStored(Path file, SortedMap<String, String> metadata, Map<String, StoredTensor> tensors) {
        List<Map.Entry<String, StoredTensor>> ordered =
                tensors.entrySet().stream().sorted(ORDER).toList();
        byte[] header = header(metadata, ordered);
        Replacement.write(file, out -> {
            out.write(length(header.length));
            out.write(header);
            for (Map.Entry<String, StoredTensor> entry : ordered) {
                Counted counted = new Counted(out);
                entry.getValue().content().writeTo(counted);
                if (counted.bytes != entry.getValue().bytes()) {
                    throw new IllegalStateException("tensor '%s' came with %d bytes, not %d"
                            .formatted(
                                    entry.getKey(),
                                    counted.bytes,
                                    entry.getValue().bytes()));
                }
            }
        });
    }

    /** Counts what is written. */
    private static final class Counted extends FilterOutputStream {
        private long bytes;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            bytes++;
        }

        @Override
        public void write(byte[] values, int offset, int length) throws IOException {
            out.write(values, offset, length);
            bytes += length;
        }
    }

    private static byte[] header(SortedMap<String, String> metadata, List<Map.Entry<String, StoredTensor>> tensors) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject("__metadata__");
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, StoredTensor> entry : tensors) {
            ObjectNode tensor = header.putObject(entry.getKey());
            tensor.put("dtype", entry.getValue().type().name());
            entry.getValue().shape().forEach(tensor.withArray("shape")::add);
            long end = offset + entry.getValue().bytes();
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8; // readers map the data: keep it aligned
        byte[] result = Arrays.copyOf(json, padded);
        Arrays.fill(result, json.length, padded, (byte) ' ');
        return result;
    }

    private static byte[] length(int value) {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return bytes;
    }
}
