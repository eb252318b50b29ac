/** Evaluation sets: fixed, labelled texts that are held apart from training. */
@NullMarked
package dev.perennial.evaluator.evaluationset;

import org.jspecify.annotations.NullMarked;
