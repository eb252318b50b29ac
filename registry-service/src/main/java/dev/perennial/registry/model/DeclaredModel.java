package dev.perennial.registry.model;

import dev.perennial.common.spec.ModelSpec;

/** A model's newest spec. */
public record DeclaredModel(int specVersion, ModelSpec spec) {}
