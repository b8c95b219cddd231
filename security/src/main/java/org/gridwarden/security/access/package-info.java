/**
 * Who may what: permissions, the roles that are sets of them, and which of them nobody holds
 * together.
 */
@NullMarked
package org.gridwarden.security.access;

import org.jspecify.annotations.NullMarked;
