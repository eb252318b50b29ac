package dev.perennial.benchmarks.lora;

import java.util.List;

/**
 * What one process is to run, on either side; written as JSON.
 *
 * @param model directory in Hugging Face layout
 * @param data file with {@link JobData}
 * @param batch texts of a step, or texts that grow together
 * @param epochs passes over the texts
 * @param warmup first steps that are not counted
 * @param grouped whether Python too puts texts of like length together
 * @param layers with adapters; empty for all
 * @param targets linears with adapters, by their names
 * @param newTokens that are generated after each text
 */
record Job(
        Kind kind,
        String model,
        String data,
        int batch,
        int epochs,
        int warmup,
        boolean grouped,
        int rank,
        double alpha,
        List<Integer> layers,
        List<String> targets,
        int newTokens,
        int threads,
        long seed) {
    enum Kind {
        ENCODER,
        DECODER,
        GENERATION
    }
}
