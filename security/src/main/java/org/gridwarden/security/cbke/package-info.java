/**
 * Key establishment by implicit certificates as Zigbee's Smart Energy has it (07-5356, annex C):
 * what of it is arithmetic, for either end. Checked against published figures, never against
 * another device, and with authorities of one's own only: <em>interop-unverified</em>. It reckons
 * by Bouncy Castle, outside a FIPS module and not in constant time.
 */
@NullMarked
package org.gridwarden.security.cbke;

import org.jspecify.annotations.NullMarked;
