package dev.perennial.benchmarks.lora;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.perennial.lora.tokenizer.TokenizerFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the models are fed. */
final class Texts {
    private Texts() {}

    /** So many training texts of CLINC150, drawn at random, with their tokens. */
    static JobData clinc(Path directory, Path model, int count) throws IOException {
        Path file = directory.resolve("data_full.json");
        List<JsonNode> pairs = new ArrayList<>();
        JsonMapper.shared().readTree(Files.readString(file)).path("train").forEach(pairs::add);
        if (pairs.size() < count) {
            throw new IllegalArgumentException(
                    "%s has %d training texts, %d are needed".formatted(file, pairs.size(), count));
        }
        Map<String, Integer> labels = new LinkedHashMap<>();
        pairs.forEach(pair -> labels.putIfAbsent(pair.path(1).asString(), labels.size()));
        Collections.shuffle(pairs, new Random(1));
        List<JsonNode> drawn = pairs.subList(0, count);
        List<String> texts = drawn.stream().map(pair -> pair.path(0).asString()).toList();
        return new JobData(
                texts,
                drawn.stream().map(pair -> labels.get(pair.path(1).asString())).toList(),
                tokens(model, texts));
    }

    private static List<long[]> tokens(Path model, List<String> texts) throws IOException {
        try (InputStream json = Files.newInputStream(model.resolve("tokenizer.json"));
                HuggingFaceTokenizer tokenizer = TokenizerFile.open(json, 30_522)) {
            return Arrays.stream(tokenizer.batchEncode(texts))
                    .map(Encoding::getIds)
                    .toList();
        }
    }

    /** Token ids drawn at random, all texts of the same length. */
    static JobData random(int count, int length) {
        Random random = new Random(1);
        List<long[]> tokens = IntStream.range(0, count)
                .mapToObj(_ ->
                        random.longs(length, 1, Workload.DECODER_VOCABULARY).toArray())
                .toList();
        return new JobData(List.of(), List.of(), tokens);
    }
}
