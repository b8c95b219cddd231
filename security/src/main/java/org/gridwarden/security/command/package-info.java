/**
 * Commands that cannot be forged: what an operator signs (COSE, RFC 9052), what the head-end seals,
 * and how a meter checks both and answers with a receipt of its own.
 */
@NullMarked
package org.gridwarden.security.command;

import org.jspecify.annotations.NullMarked;
