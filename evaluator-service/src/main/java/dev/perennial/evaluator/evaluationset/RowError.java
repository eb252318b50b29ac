package dev.perennial.evaluator.evaluationset;

/**
 * Why a row cannot be used.
 *
 * @param row line of the body, from 1
 */
record RowError(int row, String message) {}
