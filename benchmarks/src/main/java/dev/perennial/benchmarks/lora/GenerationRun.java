package dev.perennial.benchmarks.lora;

import dev.perennial.lora.decoder.Continuations;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.probe.Softmax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Continues prompts greedily, token by token, with a key-value cache. */
final class GenerationRun {
    private GenerationRun() {}

    static Measurement run(Job job, JobData data) throws IOException {
        Stopwatch watch = new Stopwatch(job.warmup());
        List<List<long[]>> generated = new ArrayList<>();
        try (DecoderModel model = DecoderModel.open(Path.of(job.model()))) {
            for (List<long[]> prompts : Batches.of(data.tokens(), job.batch())) {
                watch.time(() -> {
                    generated.add(greedy(model, prompts, job.newTokens()));
                    return (long) prompts.size() * job.newTokens();
                });
            }
        }
        return new Measurement(watch.tokens(), watch.seconds(), PeakMemory.mebibytes(), null, generated.getFirst());
    }

    private static List<long[]> greedy(DecoderModel model, List<long[]> prompts, int newTokens) {
        List<long[]> texts = prompts.stream().map(_ -> new long[newTokens]).toList();
        try (Continuations continuations = new Continuations(model, Adapter.NONE)) {
            List<long[]> next = prompts;
            for (int i = 0; i < newTokens; i++) {
                float[][] logits = continuations.append(next);
                next = new ArrayList<>();
                for (int text = 0; text < logits.length; text++) {
                    long token = Softmax.argMax(logits[text]);
                    texts.get(text)[i] = token;
                    next.add(new long[] {token});
                }
            }
        }
        return texts;
    }
}
