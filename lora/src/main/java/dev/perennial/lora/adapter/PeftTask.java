package dev.perennial.lora.adapter;

/** What a model is for, as peft's {@code task_type} names it. */
public enum PeftTask {
    CAUSAL_LM,
    FEATURE_EXTRACTION
}
