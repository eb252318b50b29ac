package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;

/** What a trained array is, by its name: each group has a learning rate of its own. */
enum ParameterGroup {
    ADAPTER,
    BASE,
    HEAD;

    /** The output projection of a language model that has one of its own. */
    static final String LANGUAGE_HEAD = "lm_head.weight";

    /** What a method is about; a classifier's head is trained beside it. */
    static ParameterGroup of(TuningMethod method) {
        return switch (method) {
            case TuningMethod.Lora _, TuningMethod.Prefix _ -> ADAPTER;
            case TuningMethod.Full _ -> BASE;
            case TuningMethod.HeadOnly _ -> HEAD;
        };
    }

    static ParameterGroup of(String name) {
        if (ClassifierWeights.isHead(name) || name.equals(LANGUAGE_HEAD)) {
            return HEAD;
        }
        boolean adapter =
                name.endsWith(LoraWeights.A) || name.endsWith(LoraWeights.B) || name.equals(PrefixWeights.EMBEDDINGS);
        return adapter ? ADAPTER : BASE;
    }
}
