/** Tariffs as files: their forms, the prices they name, and where signed versions are taken in. */
@NullMarked
package org.gridwarden.mdm.tariff;

import org.jspecify.annotations.NullMarked;
