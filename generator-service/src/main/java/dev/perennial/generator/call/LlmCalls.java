package dev.perennial.generator.call;

import dev.perennial.common.messaging.Faults;
import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.provider.Ask;
import dev.perennial.generator.provider.LlmException;
import dev.perennial.generator.provider.Reply;
import dev.perennial.generator.provider.SampleProvider;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks providers, but never twice the same: a reply is stored on its own the moment that it arrives, at the address of
 * what was asked. Thread-safe.
 */
public final class LlmCalls {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int STORE_ATTEMPTS = 8;

    private final CallStore store;
    private final Price price;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Retry storing = Retry.of(
            "llm-call-store",
            RetryConfig.custom()
                    .maxAttempts(STORE_ATTEMPTS)
                    .intervalFunction(IntervalFunction.ofExponentialBackoff(FIRST_PAUSE, 2))
                    .retryOnException(Faults::isInfrastructure)
                    .build());

    public LlmCalls(CallStore store, Price price, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.price = price;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * A reply and its address.
     *
     * @param text the provider's, to be read leniently
     * @param paid whether this call paid for it
     */
    public record Answer(String callKey, String text, boolean paid) {}

    /**
     * Who pays.
     *
     * @param generationId the run whose bill it is on
     */
    public record Payer(String model, String generationId) {}

    /**
     * The stored reply to this ask, or a new one.
     *
     * @throws LlmException when there is none
     */
    public Answer answer(SampleProvider provider, Ask ask, Payer payer) {
        String key = key(provider, ask);
        Optional<String> known = store.find(key);
        if (known.isPresent()) {
            count(provider, "cached");
            return new Answer(key, known.get(), false);
        }
        Reply reply = ask(provider, ask);
        storing.executeRunnable(
                () -> store.add(key, provider.name(), provider.llm(), payer, reply, price.of(reply), clock.instant()));
        count(provider, "paid");
        tokens(provider, "prompt", reply.promptTokens());
        tokens(provider, "completion", reply.completionTokens());
        return new Answer(key, reply.text(), true);
    }

    /** A guess of what the answer would cost; 0 where it is stored already. */
    public long estimatedTokens(SampleProvider provider, Ask ask) {
        long estimate = provider.estimatedTokens(ask);
        return estimate == 0 || store.find(key(provider, ask)).isPresent() ? 0 : estimate;
    }

    static String key(SampleProvider provider, Ask ask) {
        return ContentHash.sha256(String.join(
                "\0",
                provider.name(),
                provider.llm(),
                ask.prompt().system(),
                ask.prompt().user(),
                provider.parameters(ask)));
    }

    private Reply ask(SampleProvider provider, Ask ask) {
        try {
            return provider.reply(ask);
        } catch (LlmException e) {
            count(provider, e.kind().name().toLowerCase(Locale.ROOT));
            throw e;
        }
    }

    private void count(SampleProvider provider, String outcome) {
        meters.counter("perennial.generation.calls", "provider", provider.name(), "outcome", outcome)
                .increment();
    }

    private void tokens(SampleProvider provider, String type, long tokens) {
        meters.counter("perennial.generation.tokens", "provider", provider.name(), "type", type)
                .increment((double) tokens);
    }
}
