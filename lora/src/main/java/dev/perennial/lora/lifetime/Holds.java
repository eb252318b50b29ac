package dev.perennial.lora.lifetime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Keeps many things in memory until a call is through. */
public record Holds(List<Retained.Hold> holds) implements AutoCloseable {
    /** All of them, or none if one is closed. */
    public static Holds of(Stream<Supplier<Retained.Hold>> wanted) {
        Holds taken = new Holds(new ArrayList<>());
        try {
            wanted.forEach(each -> taken.holds.add(each.get()));
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
