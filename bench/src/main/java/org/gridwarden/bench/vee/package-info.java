/** How well and how fast validation and estimation do, on real households. */
@NullMarked
package org.gridwarden.bench.vee;

import org.jspecify.annotations.NullMarked;
