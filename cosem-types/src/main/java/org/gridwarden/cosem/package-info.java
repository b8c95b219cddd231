/** The small words that core and dlms share: OBIS codes, units, scaled values. */
@NullMarked
package org.gridwarden.cosem;

import org.jspecify.annotations.NullMarked;
