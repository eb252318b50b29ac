/**
 * Reads the weights out of an ONNX file; the graph itself is not run. Begin with
 * {@link dev.perennial.lora.onnx.OnnxWeights}.
 */
@NullMarked
package dev.perennial.lora.onnx;

import org.jspecify.annotations.NullMarked;
