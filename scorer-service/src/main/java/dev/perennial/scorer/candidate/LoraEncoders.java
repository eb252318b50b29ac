package dev.perennial.scorer.candidate;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.TextEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.TransientDataAccessResourceException;

/** Encoders of the {@code lora} library, each held once in memory until the application ends. */
public final class LoraEncoders implements Encoders, AutoCloseable {
    private final Map<String, TextEncoder> open = new ConcurrentHashMap<>();

    @Override
    public Encoder of(String baseModel) {
        TextEncoder encoder = open.computeIfAbsent(baseModel, LoraEncoders::load);
        return new Encoder() {
            @Override
            public String fingerprint() {
                return encoder.sha256();
            }

            @Override
            public float[][] embed(List<String> texts) {
                return encoder.embed(texts);
            }
        };
    }

    /** A base model that is not there may come, or another spec may name another: candidates stay pending until then. */
    private static TextEncoder load(String baseModel) {
        try {
            return TextEncoder.open(baseModel);
        } catch (ModelFormatException e) {
            throw new TransientDataAccessResourceException(
                    "candidates stay pending until baseModel '" + baseModel
                            + "' can be opened, or the spec names another: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        open.values().forEach(TextEncoder::close);
        open.clear();
    }
}
