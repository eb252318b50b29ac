package dev.perennial.lora.adapter;

/** Which of its classes peft wraps the base model in; called as there. */
public enum TaskType {
    /** A decoder with its head. */
    CAUSAL_LM,

    /** An encoder without a head. */
    FEATURE_EXTRACTION
}
