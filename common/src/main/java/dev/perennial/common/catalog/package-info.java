/** What a service knows of the declared models and of what is live. */
@NullMarked
package dev.perennial.common.catalog;

import org.jspecify.annotations.NullMarked;
