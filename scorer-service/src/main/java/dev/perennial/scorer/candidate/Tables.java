package dev.perennial.scorer.candidate;

import dev.perennial.scorer.heldout.HeldOutTexts;

/** What is stored of candidates, written together. */
record Tables(
        SampleStore samples, EmbeddingStore embeddings, SampleCounts counts, Cohorts cohorts, HeldOutTexts heldOut) {}
