/**
 * Decoders of the Llama and Qwen2 shape, for causal language modelling: configuration, weights, forward pass, loss. They
 * take and give tokens; {@link dev.perennial.lora.LanguageModel} does it with texts, and
 * {@link dev.perennial.lora.TrainingSession} trains. Begin with {@link dev.perennial.lora.decoder.DecoderModel}.
 *
 * <pre>{@code
 * try (DecoderModel model = DecoderModel.open(directory);
 *         LoraLayers adapter = new LoraLayers(
 *                 model.memory(), LoraDirectory.read(adapterDirectory, model.weights().linears()));
 *         Continuations texts = new Continuations(model, adapter)) {
 *     float[] logits = texts.append(List.of(prompt))[0];
 * }
 * }</pre>
 *
 * <p>Named dimensions beyond those of {@link dev.perennial.lora}: K key-value heads, G = H/K query heads to each of them, E
 * width of a head, S tokens that can be looked at (those of a cache and the new ones).
 */
@NullMarked
package dev.perennial.lora.decoder;

import org.jspecify.annotations.NullMarked;
