/** What stands in for a value that is missing or not believed, and which versions a slot had. */
@NullMarked
package org.gridwarden.mdm.estimation;

import org.jspecify.annotations.NullMarked;
