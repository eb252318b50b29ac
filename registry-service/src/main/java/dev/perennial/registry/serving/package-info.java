/** The port behind the gateway: what turns texts into answers with a given adapter. */
@NullMarked
package dev.perennial.registry.serving;

import org.jspecify.annotations.NullMarked;
