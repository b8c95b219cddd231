/**
 * What a gate needs that stands before meters which verify no signature, whichever way it reaches
 * them: it verifies an order by itself, keeps a book, and signs a record.
 */
@NullMarked
package org.gridwarden.security.gate;

import org.jspecify.annotations.NullMarked;
