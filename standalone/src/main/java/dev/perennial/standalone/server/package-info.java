/** The server: all services in one process, or one service a process. */
@NullMarked
package dev.perennial.standalone.server;

import org.jspecify.annotations.NullMarked;
