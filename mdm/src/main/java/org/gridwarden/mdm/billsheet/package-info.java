/** A bill for people (a page, a PDF) and for programs of others (UBL). */
@NullMarked
package org.gridwarden.mdm.billsheet;

import org.jspecify.annotations.NullMarked;
