/** Keys that change, from the office to the meter and back. */
@NullMarked
package org.gridwarden.cli.keys;

import org.jspecify.annotations.NullMarked;
