/** How fast bills are reckoned, and how fast one meter's month is read behind the API. */
@NullMarked
package org.gridwarden.bench.billing;

import org.jspecify.annotations.NullMarked;
