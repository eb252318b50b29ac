package dev.perennial.benchmarks.lora;

import dev.perennial.lora.CausalData;
import dev.perennial.lora.LanguageModel;
import dev.perennial.lora.LanguageTuning;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.recipe.LearningRates;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.Schedule;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains an adapter of a causal language model through {@link TrainingSession}. */
final class DecoderRun {
    private DecoderRun() {}

    static Measurement run(Job job, JobData data) throws IOException {
        Stopwatch watch = new Stopwatch(job.warmup());
        double first;
        try (LanguageModel model = LanguageModel.open(Path.of(job.model()))) {
            first = loss(model, job, data.tokens().subList(0, job.batch()));
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, new CausalData(examples(data.tokens()), List.of()), config(job))) {
                while (!session.done()) {
                    watch.time(() -> {
                        long before = session.summary().tokens();
                        session.step();
                        return session.summary().tokens() - before;
                    });
                }
            }
        }
        return new Measurement(watch.tokens(), watch.seconds(), PeakMemory.mebibytes(), first, List.of());
    }

    /** Before the first step, of the texts that Python takes first: the session shuffles them. */
    private static double loss(LanguageModel model, Job job, List<long[]> tokens) {
        CausalData data = new CausalData(examples(tokens), examples(tokens));
        try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config(job))) {
            return session.summary().bestValidationLoss().orElseThrow();
        }
    }

    private static TrainingConfig config(Job job) {
        return TrainingConfig.causal()
                .withLora(LoraSettings.of(job.rank(), job.alpha(), job.targets().toArray(String[]::new)))
                .withRates(new LearningRates(1e-3, 0, 0))
                .withSchedule(new Schedule(job.epochs(), job.batch(), 1, 0, RateDecay.LINEAR, 0))
                .withWeightDecay(0.01)
                .withSeed(job.seed());
    }

    private static List<CausalExample> examples(List<long[]> tokens) {
        return tokens.stream().map(CausalExample::whole).toList();
    }
}
