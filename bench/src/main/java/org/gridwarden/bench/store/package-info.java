/** Benchmarks of the store: days of slots merged, single slots landed and folded. */
@NullMarked
package org.gridwarden.bench.store;

import org.jspecify.annotations.NullMarked;
