package dev.perennial.registry.rollout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells this process at once that a model's traffic has changed. Other processes look at the database. */
public final class TrafficChanges {
    /** Longer than a switch between loaded versions takes, shorter than loading one: that nobody waits for. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /** The listener is called with the model's name after the commit, outside of the committed transaction. */
    public void subscribe(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** In a thread of its own: the committing thread still holds the ended transaction's connection. */
    void announceAfterCommit(String model) {
        afterCommit(() -> {
            Thread telling = Thread.ofVirtual()
                    .name("registry-traffic-" + model)
                    .start(() -> listeners.forEach(listener -> listener.accept(model)));
            try {
                telling.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
