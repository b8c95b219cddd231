/** Files of rules and tariffs that people write: YAML, read with the line of each thing. */
@NullMarked
package org.gridwarden.mdm.datafile;

import org.jspecify.annotations.NullMarked;
