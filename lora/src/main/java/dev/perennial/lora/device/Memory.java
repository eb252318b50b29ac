package dev.perennial.lora.device;

/** Bytes of a memory, and how many of them nobody uses. */
public record Memory(long total, long free) {
    @Override
    public String toString() {
        return "%.1f GiB, %.1f GiB free".formatted(total / (double) (1 << 30), free / (double) (1 << 30));
    }
}
