package dev.perennial.lora;

import dev.perennial.lora.decoder.DecoderModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Keeps the adapters of a call in memory until it is through. */
record AdapterHolds(List<Retained.Hold> holds) implements AutoCloseable {
    /**
     * Holds each of them, or none if one is closed.
     *
     * @throws IllegalArgumentException if one is not of this model
     */
    static AdapterHolds of(DecoderModel model, Stream<LanguageAdapter> adapters) {
        List<LanguageAdapter> distinct = adapters.distinct().toList();
        distinct.forEach(adapter -> adapter.requireMadeFor(model));
        AdapterHolds taken = new AdapterHolds(new ArrayList<>());
        try {
            distinct.forEach(adapter -> taken.holds.add(adapter.hold()));
            return taken;
        } catch (RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    @Override
    public void close() {
        holds.forEach(Retained.Hold::close);
    }
}
