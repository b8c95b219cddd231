/**
 * The last gate: a process of its own that alone can make commands for meters that cannot verify an
 * operator's signature. It talks to the head-end in frames over a Unix domain socket; the head-end
 * carries what it makes to the meter, and cannot make it.
 */
@NullMarked
package org.gridwarden.channel.dlms.gate;

import org.jspecify.annotations.NullMarked;
