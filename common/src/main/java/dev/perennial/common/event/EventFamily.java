package dev.perennial.common.event;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The families of events. One family has one topic and one dead-letter topic. */
public enum EventFamily {
    GENERATION("generation.v1", GenerationEvent.class, 1, false),
    SAMPLES("samples.v1", SampleEvent.class, 4, false),
    TRAINING("training.v1", TrainingEvent.class, 1, false),
    EVALUATION("evaluation.v1", EvaluationEvent.class, 1, false),
    MODELS("models.v1", ModelEvent.class, 1, true),
    TRAFFIC("traffic.v1", TrafficEvent.class, 4, false),
    DRIFT("drift.v1", DriftEvent.class, 1, false);

    private final String topic;
    private final int partitions;
    private final boolean compacted;
    private final Class<? extends Event> root;

    EventFamily(String topic, Class<? extends Event> root, int partitions, boolean compacted) {
        this.topic = topic;
        this.partitions = partitions;
        this.compacted = compacted;
        this.root = root;
    }

    /** The family that an event belongs to. */
    public static EventFamily of(Event event) {
        return Arrays.stream(values())
                .filter(family -> family.root.isInstance(event))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(event.getClass() + " is in no family"));
    }

    public String topic() {
        return topic;
    }

    public String deadLetterTopic() {
        return topic + ".dlt";
    }

    /** Lifecycle topics have one partition, which gives a total order. */
    public int partitions() {
        return partitions;
    }

    /** Whether only the newest event of each key is kept for good. */
    public boolean compacted() {
        return compacted;
    }

    /** The record classes by their event type. */
    public Map<String, Class<? extends Event>> types() {
        return Stream.of(root.getPermittedSubclasses())
                .<Class<? extends Event>>map(type -> type.asSubclass(Event.class))
                .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));
    }
}
