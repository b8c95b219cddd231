/** Billing runs over the store: what is committed to, what is billed, what is blocked and why. */
@NullMarked
package org.gridwarden.mdm.billrun;

import org.jspecify.annotations.NullMarked;
