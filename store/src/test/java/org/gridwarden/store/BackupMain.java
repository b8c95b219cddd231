package org.gridwarden.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Progress;

/** A backup in a process of its own, to be killed. */
final class BackupMain {
  private BackupMain() {}

  public static void main(String[] args) throws Exception {
    var result =
        new BackupRun(
                Path.of(args[0]),
                Path.of(args[1]),
                BackupRecipient.read(Path.of(args[2])),
                List.of(),
                InstantSource.system(),
                Progress.NONE)
            .run();
    System.out.println(result.snapshot().name());
  }
}
