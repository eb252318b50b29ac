package dev.perennial.common.spec;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Durations as people write them: {@code 30s}, {@code 5m}, {@code 1h}; ISO 8601 is read too. */
final class Durations {
    static final SimpleModule MODULE = new SimpleModule("durations")
            .addSerializer(Duration.class, new Writer())
            .addDeserializer(Duration.class, new Reader());

    private Durations() {}

    /** In the largest unit that loses nothing down to a millisecond, which is as exact as durations here are. */
    private static String print(Duration value) {
        for (ChronoUnit unit : new ChronoUnit[] {ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS}) {
            if (!value.isZero() && value.toMillis() % unit.getDuration().toMillis() == 0) {
                return DurationStyle.SIMPLE.print(value, unit);
            }
        }
        return DurationStyle.SIMPLE.print(value);
    }

    private static final class Reader extends StdDeserializer<Duration> {
        Reader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            String text = parser.getString();
            try {
                return DurationStyle.detectAndParse(text);
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(text, Duration.class, "write it as 30s, 5m or 1h");
            }
        }
    }

    private static final class Writer extends StdSerializer<Duration> {
        Writer() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(print(value));
        }
    }
}
