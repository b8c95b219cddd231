/** Notices what was changed in the database or at a meter and not through the office. */
@NullMarked
package org.gridwarden.headend.integrity;

import org.jspecify.annotations.NullMarked;
