package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import java.util.List;

/** One training and what it is asked afterwards. */
record Round(List<LabelledText> train, List<LabelledText> asked) {}
