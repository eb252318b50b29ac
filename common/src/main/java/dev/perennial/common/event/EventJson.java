package dev.perennial.common.event;

import dev.perennial.common.spec.SpecReader;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The bytes of events. Readers accept what newer writers added; thread-safe. */
public final class EventJson {
    private static final JsonMapper MAPPER = SpecReader.storedMapper();

    private static final Map<EventFamily, Map<String, Class<? extends Event>>> TYPES = Arrays.stream(
                    EventFamily.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), EventFamily::types));

    private EventJson() {}

    private static Map<String, Class<? extends Event>> known(EventFamily family) {
        return Objects.requireNonNull(TYPES.get(family));
    }

    public static byte[] write(Event event) {
        return MAPPER.writeValueAsBytes(event);
    }

    /**
     * Reads an event.
     *
     * @throws UnreadableEventException when the type is not of the family or the bytes are not such an event
     */
    public static Event read(EventFamily family, String type, byte[] json) {
        Class<? extends Event> target = known(family).get(type);
        if (target == null) {
            throw new UnreadableEventException("'" + type + "' is not an event of " + family.topic(), null);
        }
        try {
            return MAPPER.readValue(json, target);
        } catch (JacksonException e) {
            throw new UnreadableEventException("not a readable " + type + ": " + e.getOriginalMessage(), e);
        }
    }
}
