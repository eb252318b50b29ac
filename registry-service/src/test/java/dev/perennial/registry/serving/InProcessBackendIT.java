package dev.perennial.registry.serving;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessBackendIT extends ServingBackendContract {
    private static final ServingBackend BACKEND = new InProcessBackend();

    @TempDir
    static Path trained;

    @BeforeAll
    static void train() {
        TrainedAdapter.train(trained);
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Override
    ServingBackend backend() {
        return BACKEND;
    }

    @Override
    String baseModel() {
        return TrainedAdapter.BASE;
    }

    @Override
    Path adapter() {
        return trained;
    }

    @Test
    void refuses_a_base_model_that_it_cannot_open() {
        assertThatThrownBy(() -> BACKEND.load("no-such-base", trained)).isInstanceOf(AdapterRefusedException.class);
    }

    @Test
    void refuses_an_adapter_that_was_made_for_another_base() {
        assertThatThrownBy(() -> BACKEND.load("bge-small-zh-v1.5", trained))
                .isInstanceOf(AdapterRefusedException.class);
    }
}
