package org.gridwarden.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.gridwarden.core.Secret;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.BackupRecipient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that the commands about backups share. */
final class BackupOptions {
  private static final String VARIABLE = "GRIDWARDEN_BACKUP_PASSPHRASE";

  private BackupOptions() {}

  /** Where backups lie. */
  static final class Where {
    @Option(
        names = "--repository",
        required = true,
        paramLabel = "DIR",
        description = "The folder of the backups, on another disk or machine.")
    Path repository = Path.of("");
  }

  /** Whom backups are for: enough to write, list and prune them. */
  static final class For {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = "gridwarden-data",
        description = "The server's data folder (${DEFAULT-VALUE}).")
    Path data = Path.of("gridwarden-data");

    @Option(
        names = "--recipient",
        paramLabel = "FILE",
        description =
            "What 'backup key new' left for the server; keys/backup.recipient of the data folder"
                + " where it is not given.")
    @Nullable Path recipient;

    Path file() {
      return recipient == null ? usual(data) : recipient;
    }

    static Path usual(Path data) {
      return data.resolve("keys").resolve("backup.recipient");
    }

    BackupRecipient read() {
      try {
        return BackupRecipient.read(file());
      } catch (IOException | BackupException e) {
        throw new Failure(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The key that reads backups. */
  static final class Key {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "The key that 'backup key new' made, which is kept away from the server.")
    Path key = Path.of("");

    @Option(
        names = "--passphrase",
        paramLabel = "PLACE",
        description =
            "Where its passphrase is: file:PATH or env:NAME; else it is typed, or taken from "
                + VARIABLE
                + ".")
    @Nullable String passphrase;

    BackupKey open() {
      try (Secret secret = secret(passphrase, "Passphrase of " + key.getFileName(), false)) {
        return BackupKey.open(key, secret);
      } catch (IOException | BackupException e) {
        throw new Failure(String.valueOf(e.getMessage()));
      }
    }
  }

  static Secret secret(@Nullable String place, String what, boolean twice) {
    char[] typed = Passwords.of("--passphrase", place, VARIABLE, what, twice);
    byte[] utf8 = new String(typed).getBytes(StandardCharsets.UTF_8);
    try {
      return new Secret(utf8);
    } finally {
      Arrays.fill(typed, '\0');
      Arrays.fill(utf8, (byte) 0);
    }
  }
}
