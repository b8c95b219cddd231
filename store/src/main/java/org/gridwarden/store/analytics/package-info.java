/**
 * What analytics see of the database: days without names, through a login that may read nothing
 * else (C32, ADR 37).
 */
@NullMarked
package org.gridwarden.store.analytics;

import org.jspecify.annotations.NullMarked;
