/** A meter's own small clients of HTTP/1.1 and WebSocket, over sockets that they are given. */
@NullMarked
package org.gridwarden.simulator.http;

import org.jspecify.annotations.NullMarked;
