package dev.perennial.lora.generate;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chooses tokens; the same seed and logits give the same tokens. Which token a draw hits differs from torch's
 * multinomial: the distributions are equal, the generators are not. For one thread at a time.
 */
public final class Sampler {
    private final Sampling sampling;
    private final RandomGenerator random;

    public Sampler(Sampling sampling, long seed) {
        this.sampling = sampling;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * The next token.
     *
     * @param logits of the last position, [V]
     */
    public int next(float[] logits) {
        Candidates candidates = Candidates.of(logits, sampling);
        return sampling.isGreedy() ? candidates.at(0) : candidates.at(random.nextDouble());
    }
}
