/**
 * Companion profiles: which objects of a meter to read for what, as national and maker's companion
 * specifications say, in files under {@code companions/}.
 */
@NullMarked
package org.gridwarden.dlms.companion;

import org.jspecify.annotations.NullMarked;
