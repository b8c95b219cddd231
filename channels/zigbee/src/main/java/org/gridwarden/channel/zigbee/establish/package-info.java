/**
 * The office's side of Key Establishment (cluster 0x0800): the responder, whom meters ask for a
 * link key by certificates. Knows nothing of radios.
 */
@NullMarked
package org.gridwarden.channel.zigbee.establish;

import org.jspecify.annotations.NullMarked;
