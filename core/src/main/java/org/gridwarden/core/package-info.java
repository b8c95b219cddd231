/**
 * Gridwarden's vocabulary and the interfaces its rooms meet at. Plain Java; no framework, no
 * database, no wire.
 */
@NullMarked
package org.gridwarden.core;

import org.jspecify.annotations.NullMarked;
