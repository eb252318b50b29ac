/**
 * Fine-tunes pretrained models and runs them: sentence encoders for classification and embeddings, language models for
 * generation. The guide is docs/lora.md.
 *
 * <p>Begin with {@link TextEncoder} or {@link LanguageModel}, which load; {@link TrainingSession}, which trains what a
 * {@link TrainingConfig} says; and {@link TextClassifier} or {@link LanguageTuning}, which it makes.
 *
 * <pre>{@code
 * try (TextEncoder encoder = TextEncoder.open("all-minilm-l6-v2");
 *         TrainingSession<TextClassifier> session =
 *                 TrainingSession.start(encoder, data, TrainingConfig.defaults())) {
 *     while (!session.done()) {
 *         session.step();
 *     }
 *     try (TextClassifier classifier = session.finish()) {
 *         classifier.save(directory);
 *         classifier.classify("my router is dead").label();
 *     }
 * }
 * }</pre>
 *
 * <p>Start the JVM with {@code GOMP_SPINCOUNT=0} in its environment: on a busy machine the engine's waiting threads
 * otherwise take the processor from those that work. {@code -Dai.djl.pytorch.num_threads} sets how many it has.
 *
 * <p>Named dimensions of array shapes, here and below: B batch, T tokens, D width, H heads, F feed-forward width, R
 * rank, L labels, V vocabulary.
 */
@NullMarked
package dev.perennial.lora;

import dev.perennial.lora.recipe.TrainingConfig;
import org.jspecify.annotations.NullMarked;
