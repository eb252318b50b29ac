/** Model versions with their lineage, and the door for adapters that were made elsewhere. */
@NullMarked
package dev.perennial.registry.version;

import org.jspecify.annotations.NullMarked;
