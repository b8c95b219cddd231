/** Names in the place of names, for analytics (C32, ADR 37). */
@NullMarked
package org.gridwarden.security.pseudonym;

import org.jspecify.annotations.NullMarked;
