/**
 * Decoders of the Llama and Qwen2 shape, for causal language modelling: configuration, weights, forward pass, loss. They
 * take and give tokens; a tokenizer is the caller's.
 *
 * <pre>{@code
 * try (DecoderModel model = DecoderModel.open(directory)) {
 *     List<Linear> linears = model.weights().linears();
 *     LoraWeights start = LoraWeights.fresh(LoraSettings.of(8, 16, "q_proj", "v_proj"), linears, seed);
 *     try (TrainableDecoder decoder = new TrainableDecoder(model, start, seed)) {
 *         for (int t = 1; t <= steps; t++) {
 *             decoder.step(batch, t, new TrainableDecoder.Rate(2e-4, 0.01, 1));
 *         }
 *         LoraDirectory.write(adapterDirectory, decoder.weights(), model.id(), linears);
 *     }
 *     try (LoraLayers adapter = new LoraLayers(model.memory(), LoraDirectory.read(adapterDirectory, linears));
 *             Continuations texts = new Continuations(model, adapter)) {
 *         float[] logits = texts.append(List.of(prompt))[0];
 *     }
 * }
 * }</pre>
 *
 * <p>Named dimensions beyond those of {@link dev.perennial.lora}: K key-value heads, G = H/K query heads to each of them, E
 * width of a head, S tokens that can be looked at (those of a cache and the new ones).
 */
@NullMarked
package dev.perennial.lora.decoder;

import org.jspecify.annotations.NullMarked;
