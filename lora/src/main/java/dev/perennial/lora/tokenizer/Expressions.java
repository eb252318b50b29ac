package dev.perennial.lora.tokenizer;

import java.util.Set;

/** Regular expressions of published tokenizers; each takes time in proportion to the text. */
final class Expressions {
    private static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String RUNS_OF_SPACES = " {2,}";

    static final Set<String> KNOWN = Set.of(LLAMA3, QWEN2, GPT2, RUNS_OF_SPACES);

    private Expressions() {}
}
