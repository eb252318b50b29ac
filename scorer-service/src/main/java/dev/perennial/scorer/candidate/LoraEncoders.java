package dev.perennial.scorer.candidate;

import dev.perennial.lora.TextEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Encoders of the {@code lora} library, each held once in memory until the application ends. */
public final class LoraEncoders implements Encoders, AutoCloseable {
    private final Map<String, TextEncoder> open = new ConcurrentHashMap<>();

    @Override
    public Encoder of(String baseModel) {
        TextEncoder encoder = open.computeIfAbsent(baseModel, TextEncoder::open);
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

    @Override
    public void close() {
        open.values().forEach(TextEncoder::close);
        open.clear();
    }
}
