/** Networks between meters and office that fail as they are told to. */
@NullMarked
package org.gridwarden.simulator.link;

import org.jspecify.annotations.NullMarked;
