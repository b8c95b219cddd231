/** Validation and estimation: which values are doubtful, and what stands in for what is missing. */
@NullMarked
package org.gridwarden.mdm.validation;

import org.jspecify.annotations.NullMarked;
