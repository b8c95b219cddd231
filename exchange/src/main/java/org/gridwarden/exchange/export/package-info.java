/** Readings as files for others. */
@NullMarked
package org.gridwarden.exchange.export;

import org.jspecify.annotations.NullMarked;
