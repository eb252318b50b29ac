package dev.perennial.generator.provider;

/**
 * Writes utterances of a label. Implementations are thread-safe and pass the provider contract test.
 *
 * <p>The reply to an ask is a function of the ask, of {@link #llm} and of {@link #parameters}, as far as the provider
 * can promise it: these together are the address under which the reply is kept.
 */
public interface SampleProvider {

    /** As the model spec and provenance name it: {@code openai} or {@code offline}. */
    String name();

    /** The model that writes, or {@code none}. */
    String llm();

    /** Everything besides the prompt that the reply depends on. */
    String parameters(Ask ask);

    /** A guess of what an ask costs; 0 where it costs nothing. */
    long estimatedTokens(Ask ask);

    /**
     * Asks for utterances.
     *
     * @return a text that should be JSON with the utterances; whether it is, the reader of replies finds out
     * @throws LlmException when there is no reply
     */
    Reply reply(Ask ask);
}
