package org.gridwarden.store;

import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.core.Secret;

/**
 * Where the office keeps its data.
 *
 * @param data the data folder; the embedded PostgreSQL, its password and its log live under it
 * @param database which PostgreSQL
 * @param evidenceRetention how long raw messages are kept; whole days, at least one
 */
public record StoreSettings(Path data, Database database, Duration evidenceRetention) {
  /** How long raw messages are kept where nobody says otherwise. */
  public static final Duration EVIDENCE_RETENTION = Duration.ofDays(400);

  /**
   * @throws IllegalArgumentException where the retention is under a day
   */
  public StoreSettings {
    data = data.toAbsolutePath().normalize();
    if (evidenceRetention.toDays() < 1) {
      throw new IllegalArgumentException(
          "retention.evidence is at least 1 day, not " + evidenceRetention);
    }
  }

  /** An embedded PostgreSQL on a free port, with the usual retention. */
  public static StoreSettings embedded(Path data) {
    return new StoreSettings(data, new Embedded(0), EVIDENCE_RETENTION);
  }

  /** Which PostgreSQL keeps the data. */
  public sealed interface Database permits Embedded, External {}

  /**
   * One that the store starts itself, listening on 127.0.0.1 only.
   *
   * @param port its TCP port, 0 for any free one
   */
  public record Embedded(int port) implements Database {
    public Embedded {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("database.port is 0 to 65535, not " + port);
      }
    }
  }

  /**
   * One that somebody else runs, PostgreSQL 16 or newer.
   *
   * @param url {@code jdbc:postgresql://host:port/database}
   * @param user a role that owns its database or schema; it needs no superuser's rights
   * @param password its password, UTF-8
   * @param withoutChecksums true takes a cluster without data checksums, which is refused otherwise
   */
  public record External(String url, String user, Secret password, boolean withoutChecksums)
      implements Database {}
}
