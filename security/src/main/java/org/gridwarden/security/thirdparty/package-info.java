/**
 * Orders as DLMS general-signing (IEC 62056-5-3, clause 9.2.7.2.5): the operator is the third
 * party, the head-end the client that carries, and the meter answers under its own key. Only what
 * is signed is made and read here; the rest of DLMS is not this room's.
 */
@NullMarked
package org.gridwarden.security.thirdparty;

import org.jspecify.annotations.NullMarked;
