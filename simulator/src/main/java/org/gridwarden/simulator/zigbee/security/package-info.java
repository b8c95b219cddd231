/** Zigbee's cryptography: CCM*, the AES-MMO hash, keys from install codes. */
@NullMarked
package org.gridwarden.simulator.zigbee.security;

import org.jspecify.annotations.NullMarked;
