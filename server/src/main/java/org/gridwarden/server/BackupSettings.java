package org.gridwarden.server;

import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.store.backup.Retention;

/**
 * Backups that the server makes by itself.
 *
 * @param repository the folder of the backups; empty path for none
 * @param recipient what 'backup key new' left for the server; empty path for the data folder's own
 * @param every from one to the next
 * @param warnAfter so old may the newest be before it is a warning; also where the server makes
 *     none and others should
 * @param configuration a file of the configuration that is backed up, too; empty path for none
 * @param keep which are kept
 */
public record BackupSettings(
    Path repository,
    Path recipient,
    Duration every,
    Duration warnAfter,
    Path configuration,
    Retention keep) {
  /** Whether the server makes any. */
  public boolean on() {
    return !repository.toString().isEmpty();
  }

  /** The recipient's file; the data folder's own where none is named. */
  Path recipientFile(Path data) {
    return recipient.toString().isEmpty()
        ? data.resolve("keys").resolve("backup.recipient")
        : recipient;
  }

  static BackupSettings read(ConfigSection section) {
    Duration day = Duration.ofDays(1);
    Path none = Path.of("");
    BackupSettings settings =
        new BackupSettings(
            section.has("repository") ? section.file("repository", none) : none,
            section.has("recipient") ? section.file("recipient", none) : none,
            section.duration("every", day, Duration.ofMinutes(1), day.multipliedBy(31)),
            section.duration(
                "warnAfter", Duration.ofHours(50), Duration.ofMinutes(1), day.multipliedBy(366)),
            section.has("configuration") ? section.file("configuration", none) : none,
            new Retention(
                section.integer("keepLast", 2, 1, 10_000),
                section.integer("keepDaily", 7, 0, 10_000),
                section.integer("keepWeekly", 5, 0, 10_000),
                section.integer("keepMonthly", 12, 0, 10_000)));
    section.done();
    return settings;
  }
}
