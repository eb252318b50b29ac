/** The model spec: one document that declares a model, with its defaults and its checks. */
@NullMarked
package dev.perennial.common.spec;

import org.jspecify.annotations.NullMarked;
