/** How HTTP is said in CoAP and CoAP in HTTP (RFC 8075). */
@NullMarked
package org.gridwarden.channel.coap.mapping;

import org.jspecify.annotations.NullMarked;
