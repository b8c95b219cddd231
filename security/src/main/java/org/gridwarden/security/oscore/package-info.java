/** OSCORE (RFC 8613): what of it is keys, nonces and bytes, for either end of CoAP. */
@NullMarked
package org.gridwarden.security.oscore;

import org.jspecify.annotations.NullMarked;
