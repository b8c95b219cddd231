/**
 * Wiring, REST, live stream, users, the console's files. The only room that knows the framework.
 */
@NullMarked
package org.gridwarden.server;

import org.jspecify.annotations.NullMarked;
