/** Validation and estimation as one run: the rule file, files of curves, the report. */
@NullMarked
package org.gridwarden.mdm.vee;

import org.jspecify.annotations.NullMarked;
