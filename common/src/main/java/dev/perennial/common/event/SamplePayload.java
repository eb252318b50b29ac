package dev.perennial.common.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Objects;

/** What a sample consists of; one record a task type. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = SamplePayload.LabelledText.class, name = "labelled_text"))
public sealed interface SamplePayload {

    /** The text on which duplicates and leaks are judged. */
    String text();

    /** A text and its label, for classification. */
    record LabelledText(String text, String label) implements SamplePayload {
        public LabelledText {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(label, "label");
        }
    }
}
