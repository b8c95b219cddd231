/**
 * Firmware comes to meters ring by ring (C34): a few first, more once those keep talking, and
 * nobody any more once they fall silent.
 */
@NullMarked
package org.gridwarden.headend.firmware;

import org.jspecify.annotations.NullMarked;
