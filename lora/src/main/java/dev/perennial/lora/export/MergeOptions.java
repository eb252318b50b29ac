package dev.perennial.lora.export;

/**
 * How a merged model is written.
 *
 * @param maxShardBytes bytes of weights in a file, from which on there are several; a larger tensor has a file of its own
 */
public record MergeOptions(Precision precision, long maxShardBytes) {
    private static final long FIVE_GIGABYTES = 5_000_000_000L;

    public MergeOptions {
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("maxShardBytes must be above zero");
        }
    }

    /** 32-bit floats, 5 GB a file as in transformers up to version 4. */
    public static MergeOptions defaults() {
        return new MergeOptions(Precision.F32, FIVE_GIGABYTES);
    }

    public MergeOptions withPrecision(Precision newPrecision) {
        return new MergeOptions(newPrecision, maxShardBytes);
    }

    public MergeOptions withMaxShardBytes(long newMaxShardBytes) {
        return new MergeOptions(precision, newMaxShardBytes);
    }
}
