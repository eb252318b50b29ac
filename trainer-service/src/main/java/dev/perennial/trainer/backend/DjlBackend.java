package dev.perennial.trainer.backend;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingDivergedException;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.TrainingStep;
import dev.perennial.lora.TrainingSummary;
import dev.perennial.lora.device.DeviceReport;
import dev.perennial.lora.recipe.TrainingConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains in this process with module {@code lora}. Each base model is loaded once and kept. */
public final class DjlBackend implements TrainingBackend, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DjlBackend.class);

    private final Map<String, TextEncoder> encoders = new ConcurrentHashMap<>();
    private final AtomicBoolean deviceReported = new AtomicBoolean();

    @Override
    public TrainingResult train(TrainingOrder order, Path adapter, TrainingWatch watch) {
        try {
            if (deviceReported.compareAndSet(false, true)) { // not before: it starts the engine
                log.info("training.device {}", DeviceReport.current().text());
            }
            TextEncoder encoder = encoders.computeIfAbsent(order.baseModel(), TextEncoder::open);
            TrainingData data = DatasetReader.read(order.dataset(), order.labels());
            TrainingConfig config = order.parent() == null
                    ? Recipe.of(order.training(), order.seed())
                    : Recipe.continued(order.training(), order.seed());
            try (TrainingSession<TextClassifier> session = session(encoder, data, config, order)) {
                return run(session, adapter, watch);
            }
        } catch (ModelFormatException | TrainingDivergedException | IllegalArgumentException e) {
            throw new UntrainableException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TrainingSession<TextClassifier> session(
            TextEncoder encoder, TrainingData data, TrainingConfig config, TrainingOrder order) {
        Path checkpoint = order.checkpoint();
        if (checkpoint != null && Files.exists(checkpoint)) {
            try {
                return TrainingSession.resume(encoder, data, config, checkpoint);
            } catch (ModelFormatException e) {
                log.warn("checkpoint.ignored file={} reason={}", checkpoint.getFileName(), e.getMessage());
            }
        }
        return TrainingSession.start(encoder, data, config, order.parent());
    }

    private static TrainingResult run(TrainingSession<TextClassifier> session, Path adapter, TrainingWatch watch) {
        while (!session.done()) {
            TrainingStep step = session.step();
            if (!step.notice().isEmpty()) {
                log.warn("training.changed step={} {}", step.step(), step.notice());
            }
            watch.stepped(progress(step), session::checkpoint);
        }
        try (TextClassifier classifier = session.finish()) {
            classifier.save(adapter);
        }
        TrainingSummary summary = session.summary();
        return new TrainingResult(
                summary.epochs(),
                summary.bestEpoch(),
                orNull(summary.bestValidationAccuracy()),
                summary.finalLoss(),
                summary.tokens(),
                Duration.ofMillis(Math.round(1000 * summary.seconds())));
    }

    private static StepProgress progress(TrainingStep step) {
        return new StepProgress(
                step.step(),
                step.totalSteps(),
                step.epoch(),
                step.loss(),
                step.tokensPerSecond(),
                step.eta(),
                orNull(step.validationAccuracy()));
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    @Override
    public void close() {
        encoders.values().forEach(TextEncoder::close);
        encoders.clear();
    }
}
