package dev.perennial.common.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The golden files are the wire format: a changed one is a broken consumer somewhere. */
class EventGoldenTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    static List<Event> examples() {
        return EventExamples.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void writing_gives_the_golden_file(Event example) throws IOException {
        assertThat(JSON.readTree(EventJson.write(example))).isEqualTo(JSON.readTree(golden(example)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_golden_file_reads_as_the_event(Event example) throws IOException {
        Event read = EventJson.read(EventFamily.of(example), example.getClass().getSimpleName(), golden(example));

        assertThat(read).isEqualTo(example);
    }

    @Test
    void every_type_has_an_example() {
        assertThat(EventExamples.all().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(EventFamily.values())
                        .flatMap(family -> family.types().values().stream())
                        .collect(Collectors.toSet()));
    }

    @Test
    void a_key_that_a_newer_writer_added_is_skipped() {
        byte[] newer = "{\"feature\":1,\"runId\":\"r\",\"model\":\"m\",\"round\":1,\"reason\":\"x\"}"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(EventJson.read(EventFamily.TRAINING, "TrainingFailed", newer))
                .isEqualTo(new TrainingEvent.TrainingFailed("r", "m", 1, "x"));
    }

    @Test
    void an_unknown_type_broken_json_and_a_missing_reference_are_unreadable() {
        for (String[] bad : new String[][] {
            {"TrainingPondered", "{}"}, {"TrainingFailed", "{"}, {"TrainingFailed", "{\"runId\":\"r\"}"}
        }) {
            assertThatThrownBy(
                            () -> EventJson.read(EventFamily.TRAINING, bad[0], bad[1].getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UnreadableEventException.class);
        }
    }

    private static byte[] golden(Event example) throws IOException {
        String name = "/events/" + example.getClass().getSimpleName() + ".json";
        try (InputStream file = EventGoldenTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        }
    }
}
