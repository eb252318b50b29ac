package dev.perennial.lora;

import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tiny encoder with random weights, texts for it, and adapters from fixed seeds. */
final class Fixtures {
    static final List<String> LABELS = List.of("outage", "billing", "cancel");

    private static final String[][] WORDS = {
        {"router", "dead", "offline", "restart", "light"},
        {"bill", "pay", "invoice", "balance", "price"},
        {"cancel", "quit", "stop", "leave", "end"}
    };

    private Fixtures() {}

    static Path tinyBert() {
        try {
            return Path.of(Fixtures.class.getResource("/tiny-bert").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static TextEncoder tinyEncoder() {
        return TextEncoder.open(tinyBert());
    }

    static LoraSettings allTargets(int rank) {
        return LoraSettings.of(
                rank,
                2 * rank,
                "query",
                "key",
                "value",
                "attention.output.dense",
                "intermediate.dense",
                "output.dense");
    }

    /** With dropout. */
    static LoraSettings dropping(int rank, double dropout, String... targets) {
        return new LoraSettings(
                rank, 2 * rank, dropout, false, List.of(targets), ModulePatterns.none(), ModulePatterns.none());
    }

    /** A, B and head all away from zero. */
    static ClassifierWeights weights(TextEncoder encoder, LoraSettings lora, List<String> labels) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Linear linear : encoder.model().weights().linears()) {
            if (lora.targets(linear)) {
                put(tensors, linear.path() + LoraWeights.A, lora.rank(), linear.in());
                put(tensors, linear.path() + LoraWeights.B, linear.out(), lora.rank());
            }
        }
        put(tensors, ClassifierWeights.HEAD_WEIGHT, labels.size(), encoder.width());
        put(tensors, ClassifierWeights.HEAD_BIAS, labels.size());
        return new ClassifierWeights(labels, new Trained(TuningMethod.lora(lora), tensors));
    }

    /** A prefix with a head. */
    static ClassifierWeights prefixed(TextEncoder encoder, int tokens, long seed) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put(PrefixWeights.EMBEDDINGS, prefix(encoder.model().weights(), tokens, seed));
        put(tensors, ClassifierWeights.HEAD_WEIGHT, LABELS.size(), encoder.width());
        put(tensors, ClassifierWeights.HEAD_BIAS, LABELS.size());
        return new ClassifierWeights(LABELS, new Trained(new TuningMethod.Prefix(tokens), tensors));
    }

    /** A directory of a prefix for a language model. */
    static Path prefix(Path directory, LanguageModel model, int tokens, long seed) {
        ModelWeights base = model.model().weights();
        PrefixWeights weights = new PrefixWeights(base.attention(), prefix(base, tokens, seed));
        PrefixDirectory.write(directory, weights, BaseModel.named(model.id()), TaskType.CAUSAL_LM);
        return directory;
    }

    private static Tensor prefix(ModelWeights base, int tokens, long seed) {
        return PrefixWeights.fresh(base.attention(), tokens, seed).embeddings();
    }

    private static void put(SortedMap<String, Tensor> tensors, String name, long... shape) {
        Random random = new Random(name.hashCode());
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 0.2f * (float) random.nextGaussian();
        }
        tensors.put(name, Tensor.of(values, shape));
    }

    static List<LabelledText> texts(int perLabel, long seed) {
        Random random = new Random(seed);
        List<LabelledText> texts = new ArrayList<>();
        for (int i = 0; i < perLabel; i++) {
            for (int label = 0; label < LABELS.size(); label++) {
                StringBuilder text = new StringBuilder("my");
                for (int word = 0; word < 1 + random.nextInt(4); word++) {
                    text.append(' ').append(WORDS[label][random.nextInt(WORDS[label].length)]);
                }
                texts.add(new LabelledText(text.toString(), LABELS.get(label)));
            }
        }
        return texts;
    }

    static TrainingData data() {
        return new TrainingData(LABELS, texts(14, 1), texts(5, 2));
    }

    static TrainingConfig config() {
        return TrainingConfig.defaults()
                .withLora(allTargets(2))
                .withBatchSize(8)
                .withEpochs(3);
    }

    static void finish(TrainingSession<?> session) {
        while (!session.done()) {
            session.step();
        }
    }
}
