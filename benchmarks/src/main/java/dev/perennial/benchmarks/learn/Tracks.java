package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The tracks with their settings, each chosen on the track's validation texts. */
final class Tracks {
    static final String SEQUENCE = "sequence";
    static final List<String> NAMES = List.of("few", "full", "reviews", "written-reviews", SEQUENCE);
    static final String JOINT = "joint";
    static final List<String> ARMS = List.of("plain", "replay", "ewc", JOINT);

    private static final String CHINESE = "bge-small-zh-v1.5";
    private static final int FEW = 10;
    private static final int FOLDS = 4;
    private static final List<String> ALL_LINEARS =
            List.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");

    private static final TrainingConfig BASE = TrainingConfig.defaults()
            .withLora(lora(16, 32, ALL_LINEARS))
            .withDecay(RateDecay.COSINE)
            .withPatience(0);

    private final Path data;

    Tracks(Path data) {
        this.data = data;
    }

    Track named(String name) {
        return switch (name) {
            case "few" -> few();
            case "full" -> full();
            case "reviews" -> reviews();
            case "written-reviews" -> writtenReviews();
            default -> throw new IllegalArgumentException("no track '" + name + "'");
        };
    }

    private static LoraSettings lora(int rank, double alpha, List<String> targets) {
        return new LoraSettings(rank, alpha, 0.1, false, targets, ModulePatterns.none(), ModulePatterns.none());
    }

    private Track few() {
        Clinc clinc = Clinc.read(data.resolve("clinc150"));
        return new Track(
                "few",
                "all-minilm-l6-v2",
                clinc.labels(),
                seed -> validation(new Round(clinc.draw(FEW, seed), clinc.split("val"))),
                seed -> new Round(clinc.draw(FEW, seed), clinc.split("test")),
                BASE.withEpochs(12).withBatchSize(16).withLearningRate(5e-4).withHeadLearningRate(1e-3));
    }

    private Track full() {
        Clinc clinc = Clinc.read(data.resolve("clinc150"));
        return new Track(
                "full",
                "all-minilm-l6-v2",
                clinc.labels(),
                _ -> validation(new Round(clinc.split("train"), clinc.split("val"))),
                _ -> new Round(clinc.split("train"), clinc.split("test")),
                BASE.withEpochs(3).withLearningRate(1e-3).withHeadLearningRate(5e-3));
    }

    /** Five domains one after another; the labels of all are known from the start. */
    SequenceTrack sequence() {
        TrainingConfig later = BASE.withEpochs(3).withLearningRate(5e-4).withHeadLearningRate(1e-3);
        Map<String, TrainingConfig> arms = new LinkedHashMap<>();
        arms.put("plain", later);
        arms.put("replay", later.withEpochs(1).withRetention(new Retention(0.8, 0)));
        arms.put("ewc", later.withRetention(new Retention(0, 0.1)));
        TrainingConfig first = BASE.withEpochs(4).withLearningRate(1e-3).withHeadLearningRate(1e-3);
        arms.put(JOINT, first);
        return new SequenceTrack(
                "all-minilm-l6-v2", Sequence.domains(Clinc.read(data.resolve("clinc150")), 5), 20, first, arms);
    }

    /** No settings that were tried beat the probe on validation; these stay closest to it. */
    private Track reviews() {
        Reviews reviews = reviewsFolder();
        return new Track(
                "reviews",
                CHINESE,
                Reviews.LABELS,
                seed -> {
                    SequencedMap<String, List<Round>> rounds = new LinkedHashMap<>();
                    rounds.put("left out", Folds.of(reviews.train(), Reviews.LABELS, FOLDS, seed));
                    rounds.putAll(validation(new Round(reviews.train(), reviews.validation())));
                    return rounds;
                },
                _ -> new Round(reviews.train(), reviews.test()),
                BASE.withLora(lora(8, 16, List.of("query", "value")))
                        .withEpochs(6)
                        .withBatchSize(8)
                        .withLearningRate(3e-4)
                        .withHeadLearningRate(1e-3)
                        .withMaxTokens(256));
    }

    /** The same labels and what was written from them; tuning asks all of them about what was written alone. */
    private Track writtenReviews() {
        Reviews reviews = reviewsFolder();
        return new Track(
                "written-reviews",
                CHINESE,
                Reviews.LABELS,
                _ -> validation(new Round(reviews.written(), both(reviews.train(), reviews.validation()))),
                _ -> new Round(both(reviews.train(), reviews.written()), reviews.test()),
                BASE.withEpochs(3)
                        .withBatchSize(8)
                        .withLearningRate(5e-4)
                        .withHeadLearningRate(1e-3)
                        .withMaxTokens(128));
    }

    private Reviews reviewsFolder() {
        return new Reviews(data.resolve("eprstmt"));
    }

    private static SequencedMap<String, List<Round>> validation(Round round) {
        return new LinkedHashMap<>(Map.of("validation", List.of(round)));
    }

    private static List<LabelledText> both(List<LabelledText> some, List<LabelledText> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
