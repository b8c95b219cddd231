/**
 * A log that cannot be rewritten: a Merkle tree over its entries (RFC 9162) whose roots the office
 * signs, and proofs that anybody checks with the public key alone.
 */
@NullMarked
package org.gridwarden.security.audit;

import org.jspecify.annotations.NullMarked;
