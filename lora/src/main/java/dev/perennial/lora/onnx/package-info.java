/** Reads the weights out of an ONNX file; the graph itself is not run. */
@NullMarked
package dev.perennial.lora.onnx;

import org.jspecify.annotations.NullMarked;
