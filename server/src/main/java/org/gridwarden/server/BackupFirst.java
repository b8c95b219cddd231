package org.gridwarden.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.Upgrade;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs up before an older database is changed, where backups are configured; there is no way back
 * from a migration but a backup. Where it fails the server does not start: whoever upgrades is
 * there to mend it.
 */
record BackupFirst(GridwardenConfig config, InstantSource clock) implements Upgrade {
  private static final Logger LOG = LoggerFactory.getLogger(BackupFirst.class);

  @Override
  public void before(String from, String to) {
    BackupSettings settings = config.backup();
    if (!settings.on() || !config.database().embedded()) {
      LOGGED.before(from, to);
      return;
    }
    try {
      Path recipient = settings.recipientFile(config.data());
      String name =
          new BackupRun(
                  config.data(),
                  settings.repository(),
                  BackupRecipient.read(recipient),
                  List.of(),
                  clock,
                  Progress.NONE)
              .run()
              .snapshot()
              .name();
      LOG.info("backed up as {} before the database goes from schema {} to {}", name, from, to);
    } catch (IOException | BackupException | StoreException e) {
      throw new ServerException(
          "the database has to go from schema "
              + from
              + " to "
              + to
              + ", and the backup before that failed: "
              + e.getMessage()
              + "; mend it, or leave backup.repository out",
          e);
    }
  }
}
