package dev.perennial.benchmarks.lora;

import dev.perennial.lora.TrainableDecoder;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.DecoderModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trains an adapter of a causal language model through {@link TrainableDecoder}. */
final class DecoderRun {
    private static final TrainableDecoder.Rate RATE = new TrainableDecoder.Rate(1e-3, 0.01, 1);

    private DecoderRun() {}

    static Measurement run(Job job, JobData data) throws IOException {
        Stopwatch watch = new Stopwatch(job.warmup());
        List<Double> losses = new ArrayList<>();
        try (DecoderModel model = DecoderModel.open(Path.of(job.model()));
                TrainableDecoder trained = new TrainableDecoder(model, adapter(job, model), job.seed())) {
            for (int epoch = 0; epoch < job.epochs(); epoch++) {
                for (List<long[]> batch : Batches.of(data.tokens(), job.batch())) {
                    watch.time(() -> {
                        losses.add(trained.step(examples(batch), losses.size() + 1, RATE));
                        return batch.stream().mapToLong(tokens -> tokens.length).sum();
                    });
                }
            }
        }
        return new Measurement(watch.tokens(), watch.seconds(), PeakMemory.mebibytes(), losses.getFirst(), List.of());
    }

    private static LoraWeights adapter(Job job, DecoderModel model) {
        LoraSettings settings =
                LoraSettings.of(job.rank(), job.alpha(), job.targets().toArray(String[]::new));
        return LoraWeights.fresh(settings, model.weights().linears(), job.seed());
    }

    private static List<CausalExample> examples(List<long[]> batch) {
        return batch.stream().map(CausalExample::whole).toList();
    }
}
