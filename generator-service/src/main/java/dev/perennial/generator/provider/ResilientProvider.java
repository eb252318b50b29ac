package dev.perennial.generator.provider;

import dev.perennial.generator.provider.LlmException.Kind;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/**
 * A provider held in check: an attempt waits for the rate limit, may take only so long, counts for the circuit breaker,
 * and is repeated with growing pauses while the provider is unavailable.
 */
public final class ResilientProvider implements SampleProvider {
    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(5);

    private final SampleProvider provider;
    private final RateLimiter rateLimiter;
    private final TimeLimiter timeLimiter;
    private final CircuitBreaker breaker;
    private final Retry retry;
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();

    public ResilientProvider(SampleProvider provider, ResilienceSettings settings) {
        this.provider = provider;
        this.rateLimiter = rateLimiter(provider.name(), settings);
        this.timeLimiter = TimeLimiter.of(
                provider.name(),
                TimeLimiterConfig.custom()
                        .timeoutDuration(settings.timeout())
                        .cancelRunningFuture(true)
                        .build());
        this.breaker = breaker(provider.name(), settings);
        this.retry = retry(provider.name(), settings);
    }

    private static RateLimiter rateLimiter(String name, ResilienceSettings settings) {
        return RateLimiter.of(
                name,
                RateLimiterConfig.custom()
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .limitForPeriod(settings.callsPerSecond())
                        .timeoutDuration(LONGEST_QUEUE)
                        .build());
    }

    private static CircuitBreaker breaker(String name, ResilienceSettings settings) {
        return CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(settings.breakerWindow())
                        .minimumNumberOfCalls(settings.breakerWindow())
                        .failureRateThreshold(settings.breakerFailurePercent())
                        .waitDurationInOpenState(settings.breakerPause())
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .recordException(ResilientProvider::passes)
                        .build());
    }

    private static Retry retry(String name, ResilienceSettings settings) {
        return Retry.of(
                name,
                RetryConfig.custom()
                        .maxAttempts(settings.attempts())
                        .intervalFunction(IntervalFunction.ofExponentialBackoff(settings.firstBackoff(), 2))
                        .retryOnException(ResilientProvider::passes)
                        .build());
    }

    /** An open breaker passes too, but asking it again at once only costs attempts. */
    private static boolean passes(Throwable fault) {
        return fault instanceof TimeoutException
                || (fault instanceof LlmException llm && llm.kind() == Kind.UNAVAILABLE);
    }

    @Override
    public Reply reply(Ask ask) {
        Callable<Reply> attempt = timeLimiter.decorateFutureSupplier(() -> attempts.submit(() -> provider.reply(ask)));
        Callable<Reply> limited = RateLimiter.decorateCallable(rateLimiter, attempt);
        Callable<Reply> guarded = CircuitBreaker.decorateCallable(breaker, limited);
        try {
            return Retry.decorateCallable(retry, guarded).call();
        } catch (LlmException e) {
            throw e;
        } catch (TimeoutException e) {
            throw unavailable(
                    "the LLM took longer than "
                            + timeLimiter.getTimeLimiterConfig().getTimeoutDuration(),
                    e);
        } catch (CallNotPermittedException e) {
            throw unavailable("the LLM failed too often and is given a pause", e);
        } catch (RequestNotPermitted e) {
            throw unavailable("the rate limit kept the call waiting for " + LONGEST_QUEUE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while the LLM wrote", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static LlmException unavailable(String message, Exception cause) {
        return new LlmException(Kind.UNAVAILABLE, message, cause);
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public String llm() {
        return provider.llm();
    }

    @Override
    public String parameters(Ask ask) {
        return provider.parameters(ask);
    }

    @Override
    public long estimatedTokens(Ask ask) {
        return provider.estimatedTokens(ask);
    }
}
