/** Benchmarks and load drivers; each figure in docs/benchmarks.md comes from here. */
@NullMarked
package org.gridwarden.bench;

import org.jspecify.annotations.NullMarked;
