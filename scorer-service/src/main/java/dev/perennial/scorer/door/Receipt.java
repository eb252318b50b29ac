package dev.perennial.scorer.door;

import java.util.List;

/**
 * What became of an upload.
 *
 * @param received rows that were sent
 * @param queued samples on their way to the scorer's verdict
 * @param duplicates rows that repeat another of the upload or a sample that was scored before
 * @param rejected rows that were refused
 * @param rows why, for the first of them
 */
record Receipt(int received, int queued, int duplicates, int rejected, List<RowError> rows) {}
