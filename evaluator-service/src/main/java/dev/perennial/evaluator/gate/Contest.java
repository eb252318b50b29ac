package dev.perennial.evaluator.gate;

import dev.perennial.evaluator.metric.Answers;

/** The candidate's and its opponent's answers to the texts of one set. */
public record Contest(Answers candidate, Answers opponent) {}
