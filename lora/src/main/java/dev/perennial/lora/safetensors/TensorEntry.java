package dev.perennial.lora.safetensors;

import java.util.List;

/** A line of the header: where a tensor lies, from the start of the data. */
record TensorEntry(ElementType type, List<Long> shape, long begin, long end) {}
