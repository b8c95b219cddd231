/** A meter's end of CoAP (RFC 7252), on Californium. */
@NullMarked
package org.gridwarden.simulator.coap;

import org.jspecify.annotations.NullMarked;
