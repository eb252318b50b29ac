package dev.perennial.trainer.backend;

import org.junit.jupiter.api.AfterAll;

class DjlBackendTest extends TrainingBackendContract {
    private static final DjlBackend BACKEND = new DjlBackend();

    @Override
    TrainingBackend backend() {
        return BACKEND;
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }
}
