/** What accounts owe and have: bills, payments, and what is paid beforehand. */
@NullMarked
package org.gridwarden.mdm.ledger;

import org.jspecify.annotations.NullMarked;
