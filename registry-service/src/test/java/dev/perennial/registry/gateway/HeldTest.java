package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.serving.KeywordBackend;
import dev.perennial.registry.serving.ServingBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {
    private final KeywordBackend backend = new KeywordBackend();
    private final ServingBackend.Served served = backend.serve(List.of("a", "b"));
    private final Held held = new Held(1, served);

    @Test
    void stays_open_until_the_last_request_lets_go() {
        assertThat(held.acquire()).isTrue();

        held.release();
        assertThat(backend.open()).isEqualTo(1);

        held.release();
        assertThat(backend.open()).isZero();
    }

    @Test
    void cannot_be_taken_hold_of_once_it_is_closed() {
        held.release();

        assertThat(held.acquire()).isFalse();
        assertThat(backend.open()).isZero();
    }
}
