package dev.perennial.lora.fuzz;

import dev.perennial.lora.CausalData;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.LanguageModel;
import dev.perennial.lora.LanguageTuning;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small models, whole and sharded, with tokenizers of many kinds, adapters, chat templates and a checkpoint: all of them load. */
record ModelFiles(Path root) {
    private static final TrainingData DATA = new TrainingData(
            List.of("outage", "billing"),
            List.of(new LabelledText("router dead", "outage"), new LabelledText("pay the bill", "billing")),
            List.of());
    private static final TrainingConfig CONFIG = TrainingConfig.defaults().withEpochs(2);

    static ModelFiles writeTo(Path root) throws IOException {
        ModelFiles files = new ModelFiles(root);
        files.writeModel("model", "/tiny-bert", "/tiny-bert/tokenizer.json");
        files.writeModel("bpe", "/tiny-bert", "/fuzz/bpe-tokenizer.json");
        files.writeModel("unigram", "/tiny-bert", "/fuzz/unigram-tokenizer.json");
        files.writeModel("sharded", "/tiny-bert", "/tiny-bert/tokenizer.json");
        files.writeModel("roberta", "/encoders/roberta", "/encoders/roberta/tokenizer.json");
        files.writeModel("bfloat16", "/encoders/bert-bf16", "/tiny-bert/tokenizer.json");
        files.writeModel("pooled", "/tiny-bert", "/tiny-bert/tokenizer.json");
        for (String model : List.of("qwen2", "llama2", "llama3")) {
            files.writeModel(model, "/language/" + model, "/language/" + model + "/tokenizer.json");
            copy(
                    "/language/" + model + "/generation_config.json",
                    root.resolve(model).resolve("generation_config.json"));
        }
        files.shard("sharded");
        files.shard("llama3");
        files.writePooling();
        files.writeTemplates();
        files.writeAdapters();
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

    private void shard(String name) throws IOException {
        Path directory = root.resolve(name);
        Path shard = directory.resolve("model-00001-of-00001.safetensors");
        Files.move(directory.resolve("model.safetensors"), shard);
        try (SafetensorsFile file = SafetensorsFile.open(shard)) {
            Map<String, String> shards = file.names().stream()
                    .collect(Collectors.toMap(
                            tensor -> tensor, _ -> shard.getFileName().toString(), (a, _) -> a, TreeMap::new));
            Files.write(
                    directory.resolve("model.safetensors.index.json"),
                    JsonMapper.shared().writeValueAsBytes(Map.of("weight_map", shards)));
        }
    }

    private void writePooling() throws IOException {
        Path pooling = Files.createDirectory(root.resolve("pooled").resolve("1_Pooling"));
        Files.writeString(pooling.resolve("config.json"), """
                {"word_embedding_dimension": 16, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}
                """);
        Files.writeString(root.resolve("pooled").resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
                """);
    }

    private void writeTemplates() throws IOException {
        Path chat = Files.createDirectory(root.resolve("chat"));
        copy("/chat/corners.jinja", chat.resolve("chat_template.jinja"));
        copy("/language/llama2/tokenizer_config.json", chat.resolve("tokenizer_config.json"));
        copy("/language/llama2/chat_template.jinja", chat.resolve("llama2.jinja"));
        ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(chat.resolve("tokenizer_config.json"));
        config.putObject("eos_token").put("content", "</s>").put("lstrip", false);
        config.putArray("chat_template")
                .addObject()
                .put("name", "default")
                .put("template", Files.readString(chat.resolve("llama2.jinja")));
        JsonMapper.shared().writeValue(root.resolve("llama2").resolve("tokenizer_config.json"), config);
    }

    private void writeAdapters() throws IOException {
        Path lora = Files.createDirectory(root.resolve("lora"));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            copy("/language/qwen2/adapter-b/" + file, lora.resolve(file));
        }
        Files.createDirectory(root.resolve("run"));
        try (TextEncoder encoder = TextEncoder.open(path("model"));
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, CONFIG)) {
            session.step();
            session.checkpoint(root.resolve("run").resolve("checkpoint.safetensors"));
            while (!session.done()) {
                session.step();
            }
            try (TextClassifier classifier = session.finish()) {
                classifier.save(root.resolve("adapter"));
            }
        }
        TrainingConfig prefix = TrainingConfig.causal().withMethod(new TuningMethod.Prefix(2));
        try (LanguageModel model = LanguageModel.open(root.resolve("qwen2"));
                TrainingSession<LanguageTuning> session = TrainingSession.start(
                        model, new CausalData(List.of(model.example("router dead")), List.of()), prefix)) {
            session.finish().save(root.resolve("prefix"));
        }
    }

    /** What {@code run/checkpoint.safetensors} is a checkpoint of, over {@code model}. */
    static TrainingSession<TextClassifier> resume(TextEncoder encoder, Path checkpoint) {
        return TrainingSession.resume(encoder, DATA, CONFIG, checkpoint);
    }

    Path path(Subject subject) {
        return root.resolve(subject.directory).resolve(subject.file);
    }

    String path(String name) {
        return root.resolve(name).toString();
    }
}
