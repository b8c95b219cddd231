/** DLMS/COSEM through a meter's tunnel (cluster 0x0704, protocol 0), as a line of bytes. */
@NullMarked
package org.gridwarden.channel.zigbee.dlms;

import org.jspecify.annotations.NullMarked;
