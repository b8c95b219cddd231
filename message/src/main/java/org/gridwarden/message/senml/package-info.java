/** SenML (RFC 8428) in CBOR and JSON, with exact decimals, and core's messages in it. */
@NullMarked
package org.gridwarden.message.senml;

import org.jspecify.annotations.NullMarked;
