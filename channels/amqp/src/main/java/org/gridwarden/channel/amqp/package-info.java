/** Meters over AMQP 1.0: an endpoint of our own, and a broker of somebody else's as a source. */
@NullMarked
package org.gridwarden.channel.amqp;

import org.jspecify.annotations.NullMarked;
