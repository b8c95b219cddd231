/** The form of a file of readings, one for all that read it: lines in, meters' intervals out. */
@NullMarked
package org.gridwarden.mdm.loadfile;

import org.jspecify.annotations.NullMarked;
