package dev.perennial.lora.export;

import dev.perennial.lora.export.MergePlan.Meant;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.StoredTensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tensors spread over files, in the order of their names. */
record Shards(List<SortedMap<String, StoredTensor>> files) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final SortedMap<String, String> METADATA = new TreeMap<>(Map.of("format", "pt"));

    static Shards of(SortedMap<String, Meant> tensors, long maxBytes) {
        List<SortedMap<String, StoredTensor>> files = new ArrayList<>(List.of(new TreeMap<>()));
        long bytes = 0;
        for (Map.Entry<String, Meant> entry : tensors.entrySet()) {
            StoredTensor tensor = entry.getValue().stored();
            if (bytes > 0 && bytes + tensor.bytes() > maxBytes) {
                files.add(new TreeMap<>());
                bytes = 0;
            }
            files.getLast().put(entry.getKey(), tensor);
            bytes += tensor.bytes();
        }
        return new Shards(List.copyOf(files));
    }

    long bytes() {
        return files.stream()
                .flatMap(file -> file.values().stream())
                .mapToLong(StoredTensor::bytes)
                .sum();
    }

    void write(Path directory) {
        for (int i = 0; i < files.size(); i++) {
            SafetensorsWriter.writeStored(directory.resolve(name(i)), METADATA, files.get(i));
        }
        if (files.size() > 1) {
            byte[] index = (JSON.writeValueAsString(index()) + "\n").getBytes(StandardCharsets.UTF_8);
            Replacement.write(directory.resolve("model.safetensors.index.json"), out -> out.write(index));
        }
    }

    private String name(int file) {
        return files.size() == 1
                ? "model.safetensors"
                : "model-%05d-of-%05d.safetensors".formatted(file + 1, files.size());
    }

    private ObjectNode index() {
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_size", bytes());
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < files.size(); i++) {
            for (String tensor : files.get(i).keySet()) {
                map.put(tensor, name(i));
            }
        }
        return index;
    }
}
