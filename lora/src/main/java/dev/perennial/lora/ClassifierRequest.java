package dev.perennial.lora;

/** A text and the classifier that is to judge it; see {@link TextEncoder#classify}. */
public record ClassifierRequest(String text, TextClassifier classifier) {}
