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
    HEAD_WEIGHTS("adapter", "classifier.safetensors"),
    POOLING("pooled", "1_Pooling/config.json"),
    MODULES("pooled", "modules.json"),
    CHECKPOINT("run", "checkpoint.safetensors"),
    DECODER_WEIGHTS("qwen2", "model.safetensors"),
    DECODER_CONFIG("qwen2", "config.json"),
    LLAMA3_CONFIG("llama3", "config.json"),
    DECODER_SHARD("llama3", "model-00001-of-00001.safetensors"),
    DECODER_INDEX("llama3", "model.safetensors.index.json"),
    BYTE_LEVEL_TOKENIZER("qwen2", "tokenizer.json"),
    BYTE_FALLBACK_TOKENIZER("llama2", "tokenizer.json"),
    GENERATION_CONFIG("qwen2", "generation_config.json"),
    CHAT_TEMPLATE("chat", "chat_template.jinja"),
    TOKENIZER_CONFIG("llama2", "tokenizer_config.json"),
    LORA_CONFIG("lora", "adapter_config.json"),
    LORA_WEIGHTS("lora", "adapter_model.safetensors"),
    PREFIX_CONFIG("prefix", "adapter_config.json"),
    PREFIX_WEIGHTS("prefix", "adapter_model.safetensors");

    final String directory;
    final String file;

    Subject(String directory, String file) {
        this.directory = directory;
        this.file = file;
    }
}
