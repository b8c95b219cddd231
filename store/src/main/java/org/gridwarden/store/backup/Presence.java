package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;

/**
 * What can be told of a repository by who cannot read it: that each snapshot is as it was written
 * (its MAC), and that each part it names is there. What is in the parts, only {@link Verify} tells.
 */
public final class Presence {
  private static final int NAMED = 20;

  private Presence() {}

  /**
   * What was found.
   *
   * @param snapshots how many were looked at
   * @param chunks how many parts they name together
   * @param findings what is missing or changed, twenty by name at most; empty where all is there
   */
  public record Result(int snapshots, long chunks, List<String> findings) {
    public Result {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Looks.
   *
   * @throws BackupException where there is no repository, or it is another key's
   */
  public static Result look(Path folder, BackupRecipient recipient)
      throws IOException, BackupException {
    Repository repository = Repository.open(folder.toAbsolutePath().normalize());
    repository.check(recipient);
    List<String> findings = new ArrayList<>();
    Set<String> named = new HashSet<>();
    int snapshots = 0;
    long missing = 0;
    for (Path file : repository.snapshots()) {
      snapshots++;
      try {
        for (ChunkName name : Snapshots.open(file, recipient).chunks()) {
          if (named.add(name.toString()) && !repository.has(name) && missing++ < NAMED) {
            findings.add("snapshot " + file.getFileName() + " misses part " + name);
          }
        }
      } catch (BackupException e) {
        findings.add(String.valueOf(e.getMessage()));
      }
    }
    if (missing > NAMED) {
      findings.add("and " + (missing - NAMED) + " more parts are missing");
    }
    return new Result(snapshots, named.size(), findings);
  }
}
