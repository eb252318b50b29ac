package dev.perennial.lora.gpucheck;

import dev.perennial.lora.GoldenDifference.Largest;
import java.util.List;
import java.util.Map;

/** How the golden tests of a class went. */
record ClassResult(
        String name,
        int passed,
        int skipped,
        double seconds,
        Map<String, Largest> differences,
        List<Failure> failures) {
    /** A test that failed, and the first line of why. */
    record Failure(String test, String message) {}
}
