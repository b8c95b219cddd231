/**
 * The test-bed of the channels: one metering load over each of them, on links that are shaped, with
 * what it costs and what becomes of it side by side.
 */
@NullMarked
package org.gridwarden.bench.channels;

import org.jspecify.annotations.NullMarked;
