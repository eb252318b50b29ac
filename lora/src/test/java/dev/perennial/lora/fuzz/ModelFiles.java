package dev.perennial.lora.fuzz;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingConfig;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Small models, whole and sharded, with tokenizers of three kinds, and an adapter: all of them load. */
record ModelFiles(Path root) {
    static ModelFiles writeTo(Path root) throws IOException {
        ModelFiles files = new ModelFiles(root);
        files.writeModel("model", "/tiny-bert", "/tiny-bert/tokenizer.json");
        files.writeModel("bpe", "/tiny-bert", "/fuzz/bpe-tokenizer.json");
        files.writeModel("unigram", "/tiny-bert", "/fuzz/unigram-tokenizer.json");
        files.writeModel("sharded", "/tiny-bert", "/tiny-bert/tokenizer.json");
        files.writeModel("roberta", "/encoders/roberta", "/encoders/roberta/tokenizer.json");
        files.writeModel("bfloat16", "/encoders/bert-bf16", "/tiny-bert/tokenizer.json");
        files.shard();
        files.writeAdapter();
        return files;
    }

    private void writeModel(String name, String source, String tokenizer) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        copy(source + "/config.json", directory.resolve("config.json"));
        copy(source + "/model.safetensors", directory.resolve("model.safetensors"));
        copy(tokenizer, directory.resolve("tokenizer.json"));
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = ModelFiles.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
    }

    private void shard() throws IOException {
        Path directory = root.resolve("sharded");
        Path shard = directory.resolve("model-00001-of-00001.safetensors");
        Files.move(directory.resolve("model.safetensors"), shard);
        try (SafetensorsFile file = SafetensorsFile.open(shard)) {
            Map<String, String> shards = file.names().stream()
                    .collect(Collectors.toMap(
                            name -> name, _ -> shard.getFileName().toString(), (a, _) -> a, TreeMap::new));
            Files.write(
                    directory.resolve("model.safetensors.index.json"),
                    JsonMapper.shared().writeValueAsBytes(Map.of("weight_map", shards)));
        }
    }

    private void writeAdapter() {
        List<LabelledText> texts =
                List.of(new LabelledText("router dead", "outage"), new LabelledText("pay the bill", "billing"));
        TrainingData data = new TrainingData(List.of("outage", "billing"), texts, List.of());
        try (TextEncoder encoder = TextEncoder.open(path("model"));
                TrainingSession<TextClassifier> session =
                        TrainingSession.start(encoder, data, TrainingConfig.defaults());
                TextClassifier classifier = session.finish()) {
            classifier.save(root.resolve("adapter"));
        }
    }

    String path(String name) {
        return root.resolve(name).toString();
    }

    Map<String, byte[]> read(String name) {
        return Arrays.stream(root.resolve(name).toFile().listFiles())
                .collect(Collectors.toMap(file -> file.getName(), file -> bytes(file.toPath())));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
