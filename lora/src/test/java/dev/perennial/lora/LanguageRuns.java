package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.recipe.LearningRates;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.Schedule;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tiny language models and what to train them on. */
final class LanguageRuns {
    private static final List<String> THINGS = List.of("router", "bill", "light", "price", "phone", "box");
    private static final List<String> STATES = List.of("dead", "late", "red", "high");
    static final List<String> VALIDATION = List.of("the router is late", "the bill is red", "the box is dead");

    private LanguageRuns() {}

    static LanguageModel open(String name) {
        return LanguageModel.open(GoldenLanguage.directory(name));
    }

    /** Texts to learn from, texts of their kind that validate, and other ones from earlier. */
    static CausalData data(LanguageModel model) {
        List<CausalExample> train = new ArrayList<>();
        for (String thing : THINGS) {
            for (String state : STATES) {
                train.add(model.example(Prompt.text("the " + thing), " is " + state));
            }
        }
        return new CausalData(train.subList(0, 16), wholes(model, VALIDATION), train.subList(16, 24));
    }

    /** Without the end of the text, which a score does not count either. */
    static List<CausalExample> wholes(LanguageModel model, List<String> texts) {
        return texts.stream()
                .map(text -> CausalExample.whole(model.tokenize(text)))
                .toList();
    }

    static TrainingConfig config(TuningMethod method) {
        return TrainingConfig.causal()
                .withMethod(method)
                .withRates(new LearningRates(2e-2, 2e-3, 2e-3))
                .withSchedule(new Schedule(3, 8, 1, 0.03, RateDecay.COSINE, 0))
                .withMaxTokens(64);
    }

    static List<Double> losses(TrainingSession<?> session) {
        List<Double> losses = new ArrayList<>();
        while (!session.done()) {
            losses.add(session.step().loss());
        }
        return losses;
    }

    /** The mean over all tokens of the texts as the public API tells it. */
    static double scored(LanguageModel model, LanguageAdapter adapter, List<String> texts) {
        return mean(model.score(texts.stream()
                .map(text -> ScoreRequest.of(text).withAdapter(adapter))
                .toList()));
    }

    static double scored(LanguageModel model, List<String> texts) {
        return mean(model.score(texts.stream().map(ScoreRequest::of).toList()));
    }

    private static double mean(List<Score> scores) {
        return -scores.stream()
                .flatMap(score -> score.logProbabilities().stream())
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    static SortedMap<String, Tensor> weights(LanguageModel model) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        model.model().weights().arrays().forEach((name, array) -> weights.put(name, Torch.tensor(array)));
        return weights;
    }

    static void assertSame(SortedMap<String, Tensor> found, SortedMap<String, Tensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, tensor) -> assertThat(found.get(name).values()).as(name).containsExactly(tensor.values()));
    }

    static void assertSameFiles(Path expected, Path found) throws IOException {
        try (var files = Files.list(expected)) {
            List<Path> all = files.toList();
            assertThat(all).isNotEmpty();
            all.forEach(file -> assertThat(found.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
    }
}
