/**
 * The office's side of OTA Upgrade (cluster 0x0019, 095264): images for meters that ask for them,
 * block by block. Knows nothing of radios.
 */
@NullMarked
package org.gridwarden.channel.zigbee.upgrade;

import org.jspecify.annotations.NullMarked;
