/** PostgreSQL and Kafka embedded in the JVM with durable settings. */
@NullMarked
package dev.perennial.embedded;

import org.jspecify.annotations.NullMarked;
