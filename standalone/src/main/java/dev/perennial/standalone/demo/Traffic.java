package dev.perennial.standalone.demo;

import dev.perennial.standalone.client.PerennialClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Customers: a steady stream of requests, most of them followed by the support desk's correction or confirmation. A
 * request that fails is counted, never repeated.
 */
final class Traffic implements AutoCloseable {
    private static final int CUSTOMERS = 500;
    private static final double FEEDBACK_SHARE = 0.8;
    private static final int RECENT = 150;
    private static final int IN_FLIGHT = 64;

    private final PerennialClient client;
    private final String model;
    private final Random random;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("traffic").factory());
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> wrong = new ConcurrentHashMap<>();
    private final Deque<Boolean> recent = new ArrayDeque<>();
    private final ScheduledFuture<?> ticking;
    private volatile List<Ticket> tickets;

    Traffic(PerennialClient client, String model, List<Ticket> tickets, double perSecond, long seed) {
        this.client = client;
        this.model = model;
        this.tickets = List.copyOf(tickets);
        this.random = new Random(seed);
        long pause = Math.round(1e9 / perSecond);
        this.ticking = clock.scheduleAtFixedRate(this::next, pause, pause, TimeUnit.NANOSECONDS);
    }

    /** From now on customers ask these. */
    void turnTo(List<Ticket> others) {
        tickets = List.copyOf(others);
        synchronized (recent) {
            recent.clear();
        }
    }

    /** Runs on the clock's thread alone, so the choice of tickets and callers is the same in every run. */
    private void next() {
        List<Ticket> now = tickets;
        Ticket ticket = now.get(random.nextInt(now.size()));
        String customer = "customer-" + random.nextInt(CUSTOMERS);
        boolean judged = random.nextDouble() < FEEDBACK_SHARE;
        inFlight.acquireUninterruptibly();
        Thread.ofVirtual().start(() -> {
            try {
                ask(ticket, customer, judged);
            } catch (RuntimeException e) {
                failed.incrementAndGet();
            } finally {
                inFlight.release();
            }
        });
    }

    private void ask(Ticket ticket, String customer, boolean judged) {
        sent.incrementAndGet();
        JsonNode answer = client.predict(model, ticket.text(), customer);
        boolean correct = answer.path("label").asString("").equals(ticket.label());
        count(answer.path("version").asInt(), correct);
        if (judged) {
            client.correct(answer.path("requestId").asString(), ticket.label());
        }
    }

    private void count(int version, boolean correct) {
        answers.computeIfAbsent(version, v -> new AtomicInteger()).incrementAndGet();
        if (!correct) {
            wrong.computeIfAbsent(version, v -> new AtomicInteger()).incrementAndGet();
        }
        synchronized (recent) {
            recent.addLast(correct);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
    }

    int sent() {
        return sent.get();
    }

    int failed() {
        return failed.get();
    }

    /** Requests that this version answered. */
    int answeredBy(int version) {
        return answers.getOrDefault(version, new AtomicInteger()).get();
    }

    int wrongBy(int version) {
        return wrong.getOrDefault(version, new AtomicInteger()).get();
    }

    /** Over the last answers, at most {@value #RECENT}; NaN before the first. */
    double recentAccuracy() {
        synchronized (recent) {
            return recent.stream()
                    .mapToInt(correct -> correct ? 1 : 0)
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** No new request from now on; returns when the last answer is in. */
    void end() {
        ticking.cancel(false);
        clock.shutdown();
        inFlight.acquireUninterruptibly(IN_FLIGHT);
        inFlight.release(IN_FLIGHT);
    }

    @Override
    public void close() {
        end();
    }
}
