package dev.perennial.evaluator.report;

import java.util.List;

/** Gives each text a label. */
@FunctionalInterface
interface Labeller {
    /** In the order of the texts. */
    List<String> label(List<String> texts);
}
