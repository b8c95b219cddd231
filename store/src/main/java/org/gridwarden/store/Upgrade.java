package org.gridwarden.store;

import org.slf4j.LoggerFactory;

/** What is done before an older database is brought up to date, from which there is no way back. */
@FunctionalInterface
public interface Upgrade {
  /** Says so in the log. */
  Upgrade LOGGED =
      (from, to) ->
          LoggerFactory.getLogger(Upgrade.class)
              .warn(
                  "the database goes from schema {} to {}, and not back; './gridwarden backup' keeps"
                      + " what it was",
                  from,
                  to);

  /**
   * Called before the first change.
   *
   * @param from the schema that the database has
   * @param to the one that it gets
   * @throws StoreException or another unchecked exception where the upgrade must not go on
   */
  void before(String from, String to);
}
