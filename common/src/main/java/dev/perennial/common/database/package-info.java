/** One PostgreSQL schema a service. */
@NullMarked
package dev.perennial.common.database;

import org.jspecify.annotations.NullMarked;
