/** A street of meters that are read, an office that reads them, and how long that takes. */
@NullMarked
package org.gridwarden.bench.collect;

import org.jspecify.annotations.NullMarked;
