/**
 * What a run of training is told: its method, rates, schedule and all else that can be set, each checked when it is made.
 * Begin with {@link dev.perennial.lora.recipe.TrainingConfig}.
 */
@NullMarked
package dev.perennial.lora.recipe;

import org.jspecify.annotations.NullMarked;
