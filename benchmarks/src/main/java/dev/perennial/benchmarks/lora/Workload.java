package dev.perennial.benchmarks.lora;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is compared, and how many times as fast as Python the library has to be. */
enum Workload {
    /** Batches in random order, filled up to their longest text, as peft's users get by default. */
    ENCODER_DEFAULT(Job.Kind.ENCODER, 1.3, 32, 100),
    /** Python puts texts of like length together too. */
    ENCODER_GROUPED(Job.Kind.ENCODER, 1.0, 32, 100),
    /** No adapters in the lower three of the six layers; only the epochs after the first count. */
    ENCODER_HALF_FROZEN(Job.Kind.ENCODER, 1.4, 32, 120),
    DECODER(Job.Kind.DECODER, 1.0, 8, 15),
    GENERATION_1(Job.Kind.GENERATION, 1.0, 1, 10),
    GENERATION_8(Job.Kind.GENERATION, 1.0, 8, 10);

    static final int DECODER_VOCABULARY = 8192;
    static final int DECODER_TOKENS = 256;
    static final int PROMPT_TOKENS = 32;
    private static final int NEW_TOKENS = 128;
    private static final int FROZEN_EPOCHS = 3;
    private static final int RANK = 8;
    private static final double ALPHA = 16;
    private static final List<String> DECODER_TARGETS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private final Job.Kind kind;
    private final double bar;
    private final int batch;
    private final int defaultSteps;

    Workload(Job.Kind kind, double bar, int batch, int defaultSteps) {
        this.kind = kind;
        this.bar = bar;
        this.batch = batch;
        this.defaultSteps = defaultSteps;
    }

    static Workload named(String name) {
        return Arrays.stream(values())
                .filter(workload -> workload.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no case '%s'; use any of %s"
                        .formatted(
                                name, Arrays.stream(values()).map(Workload::id).collect(Collectors.joining(", ")))));
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Job.Kind kind() {
        return kind;
    }

    /** Least ratio of the library's tokens a second to Python's. */
    double bar() {
        return bar;
    }

    /** How many texts the job needs for so many steps; 0 for the default. */
    int texts(int steps) {
        return batch * stepsOfEpoch(steps);
    }

    /** Fewer would all be warm-up. */
    int leastSteps() {
        return this == ENCODER_HALF_FROZEN ? FROZEN_EPOCHS : 2;
    }

    private int stepsOfEpoch(int steps) {
        return Math.ceilDiv(steps > 0 ? steps : defaultSteps, epochs());
    }

    private int epochs() {
        return this == ENCODER_HALF_FROZEN ? FROZEN_EPOCHS : 1;
    }

    /** A fifth of the steps is warm-up; where lower layers are frozen, all of the first epoch. */
    private int warmup(int steps) {
        return this == ENCODER_HALF_FROZEN ? stepsOfEpoch(steps) : Math.ceilDiv(stepsOfEpoch(steps), 5);
    }

    Job job(String model, String data, int steps, int threads) {
        boolean encoder = kind == Job.Kind.ENCODER;
        return new Job(
                kind,
                model,
                data,
                batch,
                epochs(),
                warmup(steps),
                this == ENCODER_GROUPED,
                RANK,
                ALPHA,
                this == ENCODER_HALF_FROZEN ? IntStream.range(3, 6).boxed().toList() : List.of(),
                encoder ? List.of("query", "value") : DECODER_TARGETS,
                kind == Job.Kind.GENERATION ? NEW_TOKENS : 0,
                threads,
                1);
    }
}
