package dev.perennial.benchmarks.lora;

import java.util.List;

/**
 * The texts of a job.
 *
 * @param texts as they were written; none if the tokens were drawn at random
 * @param labels index of each text's label; none of texts without labels
 * @param tokens each text's token ids
 */
record JobData(List<String> texts, List<Integer> labels, List<long[]> tokens) {
    long totalTokens() {
        return tokens.stream().mapToLong(ids -> ids.length).sum();
    }
}
