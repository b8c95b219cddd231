/** Meters that speak SIP: a registrar and agent of our own over UDP, TCP and TLS. */
@NullMarked
package org.gridwarden.channel.sip;

import org.jspecify.annotations.NullMarked;
