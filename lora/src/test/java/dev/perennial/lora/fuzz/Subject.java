package dev.perennial.lora.fuzz;

/** A file that is mutated, and what reads it. */
enum Subject {
    BARE_SAFETENSORS("model", "model.safetensors"),
    MODEL_WEIGHTS("model", "model.safetensors"),
    MODEL_CONFIG("model", "config.json"),
    ROBERTA_CONFIG("roberta", "config.json"),
    BFLOAT16_WEIGHTS("bfloat16", "model.safetensors"),
    MODEL_INDEX("sharded", "model.safetensors.index.json"),
    WORDPIECE_TOKENIZER("model", "tokenizer.json"),
    BPE_TOKENIZER("bpe", "tokenizer.json"),
    UNIGRAM_TOKENIZER("unigram", "tokenizer.json"),
    ADAPTER_CONFIG("adapter", "adapter_config.json"),
    ADAPTER_WEIGHTS("adapter", "adapter_model.safetensors"),
    HEAD_CONFIG("adapter", "classifier.json"),
    HEAD_WEIGHTS("adapter", "classifier.safetensors");

    final String directory;
    final String file;

    Subject(String directory, String file) {
        this.directory = directory;
        this.file = file;
    }
}
