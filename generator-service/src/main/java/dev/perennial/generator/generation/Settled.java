package dev.perennial.generator.generation;

import java.util.List;

/**
 * What a run is made with, fixed by its first attempt, so that a later one makes the same.
 *
 * @param knowledge hashes of the files' contents
 * @param provider by its own name, never {@code default}
 */
record Settled(String template, int templateVersion, List<String> knowledge, String provider, String llm) {
    Settled {
        knowledge = List.copyOf(knowledge);
    }
}
