/** How fast commands become receipts. */
@NullMarked
package org.gridwarden.bench.command;

import org.jspecify.annotations.NullMarked;
