/** Judging trained candidates, and the reports of it. */
@NullMarked
package dev.perennial.evaluator.report;

import org.jspecify.annotations.NullMarked;
