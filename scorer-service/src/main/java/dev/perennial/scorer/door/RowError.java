package dev.perennial.scorer.door;

/**
 * Why a row is refused.
 *
 * @param row line of the body where it starts, from 1
 * @param code stable, for programs
 * @param message what to change
 */
record RowError(int row, String code, String message) {}
