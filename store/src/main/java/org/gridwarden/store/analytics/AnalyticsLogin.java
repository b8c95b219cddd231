package org.gridwarden.store.analytics;

import org.gridwarden.core.Secret;

/**
 * A role of the database that may read the views of analytics and nothing else.
 *
 * @param user its name there
 * @param password of length 0 where it has none
 */
public record AnalyticsLogin(String user, Secret password) {}
