package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.model.RowAdapters;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Texts for many classifiers in one batch over their encoder, for callers that hold all of them. */
record MixedClassification(TextEncoder encoder, List<ClassifierRequest> requests, List<long[]> tokens) {

    List<Classification> run() {
        List<TextClassifier> classifiers =
                IntStream.range(0, requests.size()).mapToObj(this::classifier).toList();
        Classification[] results = new Classification[requests.size()];
        new AdapterBatches<>(classifiers, TextClassifier::adapter).of(tokens).forEach(batch -> run(batch, results));
        return List.of(results);
    }

    /** The same one for all handles on its weights, so that their texts are neighbours. */
    private TextClassifier classifier(int request) {
        return requests.get(request).classifier().original();
    }

    private void run(List<Integer> batch, Classification[] results) {
        RowAdapters adapters =
                new RowAdapters(batch.stream().map(i -> classifier(i).adapter()).toList());
        try (PtNDManager scope = Torch.within(encoder.model().memory())) {
            PtNDArray vectors = BertEncoder.embed(
                    encoder.model().weights(),
                    adapters,
                    encoder.batch(scope, batch.stream().map(tokens::get).toList())); // [B,D]
            for (int from = 0, to; from < batch.size(); from = to) {
                TextClassifier classifier = classifier(batch.get(from));
                to = end(batch, from);
                PtNDArray own = JniUtils.slice(vectors, 0, from, to, 1); // [b,D]
                List<float[]> logits = rows(classifier.head(own).toFloatArray(), to - from); // [b,L]
                for (int i = from; i < to; i++) {
                    results[batch.get(i)] = classifier.classification(logits.get(i - from));
                }
            }
        }
    }

    /** Behind the last one with the same classifier. */
    private int end(List<Integer> batch, int from) {
        int to = from;
        while (to < batch.size() && classifier(batch.get(to)).equals(classifier(batch.get(from)))) {
            to++;
        }
        return to;
    }

    private static List<float[]> rows(float[] flat, int rows) {
        int width = flat.length / rows;
        List<float[]> result = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            result.add(Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        }
        return result;
    }
}
