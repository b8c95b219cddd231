/** PostgreSQL, embedded or external: migrations, interval days, evidence, events, meters, users. */
@NullMarked
package org.gridwarden.store;

import org.jspecify.annotations.NullMarked;
