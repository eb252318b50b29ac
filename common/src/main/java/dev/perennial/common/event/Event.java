package dev.perennial.common.event;

/** Something that happened. An event's type is the simple name of its record. */
public sealed interface Event
        permits GenerationEvent, SampleEvent, TrainingEvent, EvaluationEvent, ModelEvent, TrafficEvent, DriftEvent {

    /** The model that it is about. */
    String model();
}
