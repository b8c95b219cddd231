/**
 * The security of DLMS/COSEM (IEC 62056-5-3, clause 9.2): suites, key wrap and agreement,
 * signatures, the proofs of high level security, and the protection of an association's APDUs.
 */
@NullMarked
package org.gridwarden.dlms.security;

import org.jspecify.annotations.NullMarked;
