/** Talks to Perennial's services over HTTP. */
@NullMarked
package dev.perennial.standalone.client;

import org.jspecify.annotations.NullMarked;
