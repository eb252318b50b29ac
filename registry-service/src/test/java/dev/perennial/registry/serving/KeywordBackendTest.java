package dev.perennial.registry.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The backend of the other tests keeps the contract too. */
class KeywordBackendTest extends ServingBackendContract {
    private final ServingBackend backend = new KeywordBackend();

    @Override
    ServingBackend backend() {
        return backend;
    }

    @Override
    String baseModel() {
        return "any";
    }

    @Override
    Path adapter() throws IOException {
        Path adapter = directory.resolve("adapter");
        Files.createDirectories(adapter);
        Files.writeString(adapter.resolve("adapter_config.json"), String.join("\n", LABELS));
        return adapter;
    }
}
