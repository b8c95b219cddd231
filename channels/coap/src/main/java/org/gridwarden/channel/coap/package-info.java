/** An endpoint for meters that speak CoAP (RFC 7252), in the clear, under DTLS or under OSCORE. */
@NullMarked
package org.gridwarden.channel.coap;

import org.jspecify.annotations.NullMarked;
