package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostmasterFileTest {
    private static final ProcessHandle SELF = ProcessHandle.current();
    private static final Instant SELF_STARTED = SELF.info().startInstant().orElseThrow();

    @Test
    void reads_process_and_start() {
        assertThat(PostmasterFile.parse(List.of("4711", "/data/cluster", "1763669876", "5432", "", "127.0.0.1")))
                .contains(new PostmasterFile(4711, Instant.ofEpochSecond(1_763_669_876)));
    }

    @Test
    void names_nobody_when_a_crash_cut_the_file_short() {
        assertThat(PostmasterFile.parse(List.of())).isEmpty();
        assertThat(PostmasterFile.parse(List.of("4711", "/data/cluster"))).isEmpty();
        assertThat(PostmasterFile.parse(List.of("47", "/data/cluster", "x"))).isEmpty();
    }

    @Test
    void finds_the_live_process_that_wrote_the_file() {
        assertThat(new PostmasterFile(SELF.pid(), SELF_STARTED).liveProcess()).contains(SELF);
    }

    @Test
    void does_not_take_another_process_for_the_postmaster_when_its_number_was_used_again() {
        assertThat(new PostmasterFile(SELF.pid(), SELF_STARTED.minusSeconds(3600)).liveProcess())
                .isEmpty();
    }
}
