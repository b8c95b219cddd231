/** Virtual meters that speak XMPP. */
@NullMarked
package org.gridwarden.simulator.xmpp;

import org.jspecify.annotations.NullMarked;
