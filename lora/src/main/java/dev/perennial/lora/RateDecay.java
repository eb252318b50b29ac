package dev.perennial.lora;

/** How the learning rates fall from their peak to zero after the warm-up. */
public enum RateDecay {
    /** {@code 1 - p}, p the share of the steps after the warm-up that are done. */
    LINEAR {
        @Override
        double factor(double progress) {
            return 1 - progress;
        }
    },
    /** {@code (1 + cos(pi p)) / 2}: Loshchilov and Hutter, arXiv:1608.03983, without restarts. */
    COSINE {
        @Override
        double factor(double progress) {
            return (1 + Math.cos(Math.PI * progress)) / 2;
        }
    };

    abstract double factor(double progress);
}
