package dev.perennial.common.spec;

import java.time.Duration;
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
            generator.writeString(DurationStyle.SIMPLE.print(value));
        }
    }
}
