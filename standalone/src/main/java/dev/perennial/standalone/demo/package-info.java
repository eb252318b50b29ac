/** The demo: one story of a model that earns its traffic, loses it to drift and wins it back. */
@NullMarked
package dev.perennial.standalone.demo;

import org.jspecify.annotations.NullMarked;
