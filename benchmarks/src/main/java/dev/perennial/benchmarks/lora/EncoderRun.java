package dev.perennial.benchmarks.lora;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Trains a classifier on an encoder through {@link TrainingSession}. */
final class EncoderRun {
    private EncoderRun() {}

    static Measurement run(Job job, JobData data) throws IOException {
        Stopwatch watch = new Stopwatch(job.warmup());
        try (TextEncoder encoder = TextEncoder.open(job.model());
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, examples(data), config(job))) {
            while (!session.done()) {
                watch.time(() -> {
                    long before = session.summary().tokens();
                    session.step();
                    return session.summary().tokens() - before;
                });
            }
            if (session.summary().tokens() != job.epochs() * data.totalTokens()) {
                throw new IllegalStateException("the library cuts the texts into other tokens than Python was given");
            }
        }
        return new Measurement(watch.tokens(), watch.seconds(), PeakMemory.mebibytes(), null, List.of());
    }

    private static TrainingData examples(JobData data) {
        int labels = data.labels().stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
        List<String> names =
                IntStream.range(0, labels).mapToObj(label -> "label-" + label).toList();
        List<LabelledText> texts = new ArrayList<>();
        for (int i = 0; i < data.texts().size(); i++) {
            texts.add(new LabelledText(
                    data.texts().get(i), names.get(data.labels().get(i))));
        }
        return new TrainingData(names, texts, List.of());
    }

    /** Adapters are in all layers whatever the job says: a recipe cannot leave layers out yet, so ours has more to do. */
    private static int frozen(Job job) {
        return job.layers().stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    private static TrainingConfig config(Job job) {
        return TrainingConfig.defaults()
                .withLora(LoraSettings.of(job.rank(), job.alpha(), job.targets().toArray(String[]::new)))
                .withFrozenLayers(frozen(job))
                .withEpochs(job.epochs())
                .withBatchSize(job.batch())
                .withMaxTokens(512)
                .withSeed(job.seed());
    }
}
