/** What endpoints take in as fast as it is acknowledged, beside a broker that only forwards. */
@NullMarked
package org.gridwarden.bench.intake;

import org.jspecify.annotations.NullMarked;
