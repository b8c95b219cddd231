package org.gridwarden.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.mdm.analytics.Analytics;
import org.gridwarden.mdm.analytics.Disclosure;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.pseudonym.PseudonymKey;
import org.gridwarden.store.Store;
import org.gridwarden.store.analytics.AnalyticsLogin;
import org.gridwarden.store.analytics.AnalyticsView;
import org.jspecify.annotations.Nullable;

/**
 * Analytics and the key of their pseudonyms, opened with the first question: most offices never ask
 * one (C32). Thread-safe.
 */
final class AnalyticsRoom implements AutoCloseable {
  private final Store store;
  private final OfficeKey office;
  private final Path keys;
  private final GridwardenConfig.Analytics config;
  private final InstantSource clock;
  private @Nullable Open open;

  /**
   * @param keys where the office's keys lie
   */
  AnalyticsRoom(
      Store store,
      OfficeKey office,
      Path keys,
      GridwardenConfig.Analytics config,
      InstantSource clock) {
    this.store = store;
    this.office = office;
    this.keys = keys;
    this.config = config;
    this.clock = clock;
  }

  private record Open(Analytics analytics, PseudonymKey key, AnalyticsView view) {}

  /**
   * What answers.
   *
   * @throws org.gridwarden.store.StoreException where an external database has no login for it
   */
  Analytics analytics() {
    return open().analytics();
  }

  /** Makes another key: what was linked by the old one is linked no more. */
  void replaceKey() {
    Open now = open();
    try {
      now.key().replace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    now.analytics().forget();
  }

  private synchronized Open open() {
    if (open == null) {
      try {
        PseudonymKey key = PseudonymKey.open(keys, office);
        AnalyticsView view =
            store.analytics(
                config.user().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new AnalyticsLogin(config.user(), config.password())));
        open =
            new Open(
                new Analytics(
                    view, key, new Disclosure(config.leastGroup(), config.largestShare()), clock),
                key,
                view);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.view().close();
    }
  }
}
