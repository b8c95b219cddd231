/** Meters over XMPP: the office is a component of somebody else's server, such as Prosody. */
@NullMarked
package org.gridwarden.channel.xmpp;

import org.jspecify.annotations.NullMarked;
