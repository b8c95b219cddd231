/** Meters over HTTP/1.1, HTTP/2 and WebSocket: a listener of our own, without a framework. */
@NullMarked
package org.gridwarden.channel.http;

import org.jspecify.annotations.NullMarked;
