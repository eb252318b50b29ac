package dev.perennial.lora;

/**
 * A handle on an adapter in memory. Any number of them may share its weights, which are freed when all are closed and the
 * last call is through.
 */
public sealed interface PooledAdapter<T extends PooledAdapter<T>> extends AutoCloseable
        permits LanguageAdapter, TextClassifier {
    /** Another handle on the same weights, to be closed by itself. */
    T share();

    /** Native memory of the weights. */
    long bytes();

    /** Whether there is a call inside, or another handle that was made from this one. */
    boolean inUse();

    @Override
    void close();
}
