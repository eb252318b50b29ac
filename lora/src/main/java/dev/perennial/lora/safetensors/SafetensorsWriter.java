package dev.perennial.lora.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes F32 tensors, sorted by name, so that the same tensors and metadata always give the same bytes. */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SafetensorsWriter() {}

    /** Replaces the file atomically. */
    public static void write(Path file, SortedMap<String, String> metadata, Map<String, Tensor> tensors) {
        SortedMap<String, Tensor> sorted = new TreeMap<>(tensors);
        byte[] header = header(metadata, sorted);
        Replacement.write(file, out -> {
            out.write(length(header.length));
            out.write(header);
            for (Tensor tensor : sorted.values()) {
                writeValues(out, tensor);
            }
        });
    }

    private static byte[] header(SortedMap<String, String> metadata, SortedMap<String, Tensor> tensors) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject("__metadata__");
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode tensor = header.putObject(entry.getKey());
            tensor.put("dtype", "F32");
            entry.getValue().shape().forEach(tensor.withArray("shape")::add);
            long end = offset + 4L * entry.getValue().values().length;
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8; // readers map the data: keep it aligned
        byte[] result = Arrays.copyOf(json, padded);
        Arrays.fill(result, json.length, padded, (byte) ' ');
        return result;
    }

    private static void writeValues(OutputStream out, Tensor tensor) throws IOException {
        int chunk = 1 << 14;
        byte[] bytes = new byte[4 * chunk];
        FloatBuffer buffer =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = tensor.values();
        for (int i = 0; i < values.length; i += chunk) {
            int count = Math.min(chunk, values.length - i);
            buffer.clear().put(values, i, count);
            out.write(bytes, 0, 4 * count);
        }
    }

    private static byte[] length(int value) {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return bytes;
    }
}
