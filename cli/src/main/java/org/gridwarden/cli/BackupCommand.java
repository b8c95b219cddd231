package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.gridwarden.core.Secret;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.BackupRecipient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Enciphered, incremental backups of the data folder. */
@Command(
    name = "backup",
    description = {
      "Backs up the data folder: database, keys, certificates. Enciphered, and only what is new;"
          + " while the server runs, or not. With a verb, looks after the backups.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden backup key new /media/safe/backup.key",
      "  ./gridwarden backup --repository /mnt/backups --config gridwarden.yaml",
      "  ./gridwarden backup list --repository /mnt/backups",
      "  ./gridwarden backup verify --repository /mnt/backups --key /media/safe/backup.key --deep",
      "  ./gridwarden backup prune --repository /mnt/backups --keep-daily 7 --keep-weekly 5",
      "  ./gridwarden restore --repository /mnt/backups --key /media/safe/backup.key --into new",
    },
    exitCodeList = {
      "0:All went well.",
      "1:It failed, or something is damaged; what and where is printed.",
      "2:The command line or the input given was wrong."
    },
    subcommands = BackupCommand.KeyCommand.class)
final class BackupCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "The folder of the backups, on another disk or machine; made where it is new.")
  @Nullable Path repository;

  @Mixin BackupOptions.For whom = new BackupOptions.For();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of the configuration that is backed up, too; may be given often. Restored into"
              + " the folder 'configuration'.")
  @Nullable List<Path> configuration;

  @Option(names = "--json", description = "What was done, as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    if (repository == null) {
      throw new Failure(
          "name the folder of the backups: --repository DIR (on another disk or machine)",
          Gridwarden.WRONG_INPUT);
    }
    return new BackupRoom(spec.commandLine())
        .backup(
            whom.data,
            repository,
            whom.read(),
            configuration == null ? List.of() : configuration,
            json);
  }

  @Command(name = "list", description = "Lists the backups that a restore can begin from.")
  int list(
      @Mixin BackupOptions.Where where,
      @Mixin BackupOptions.For whom,
      @Option(names = "--json", description = "The list as JSON.") boolean json) {
    return new BackupRoom(spec.commandLine()).list(where.repository, whom.read(), json);
  }

  @Command(
      name = "verify",
      description =
          "Reads all backups whole: each chunk, each list of files, the checksums of the database's"
              + " pages. Exit code 1 where something is not as it was written.")
  int verify(
      @Mixin BackupOptions.Where where,
      @Mixin BackupOptions.Key key,
      @Option(
              names = "--deep",
              description =
                  "Restore the newest one into a scratch folder, too, start its database and count"
                      + " its rows.")
          boolean deep,
      @Option(
              names = "--scratch",
              paramLabel = "DIR",
              description = "Where --deep has room; the system's temporary folder otherwise.")
          @Nullable Path scratch,
      @Option(names = "--json", description = "What was found, as one JSON object.") boolean json) {
    return new BackupRoom(spec.commandLine())
        .verify(where.repository, key.open(), deep, scratch, json);
  }

  @Command(
      name = "prune",
      description =
          "Removes backups that are not to be kept, and what an interrupted one left. The newest is"
              + " always kept.")
  int prune(
      @Mixin BackupOptions.Where where,
      @Mixin BackupOptions.For whom,
      @Option(names = "--keep-last", defaultValue = "0", description = "Keep the newest so many.")
          int last,
      @Option(
              names = "--keep-daily",
              defaultValue = "0",
              description = "Keep the newest of each of the last so many days that have one.")
          int daily,
      @Option(names = "--keep-weekly", defaultValue = "0", description = "The same for weeks.")
          int weekly,
      @Option(names = "--keep-monthly", defaultValue = "0", description = "The same for months.")
          int monthly,
      @Option(names = "--dry-run", description = "Only say what would be removed.") boolean dry,
      @Option(names = "--json", description = "What was done, as one JSON object.") boolean json) {
    if (last + daily + weekly + monthly == 0) {
      throw new Failure(
          "say what is kept: --keep-last, --keep-daily, --keep-weekly or --keep-monthly",
          Gridwarden.WRONG_INPUT);
    }
    if (Math.min(Math.min(last, daily), Math.min(weekly, monthly)) < 0) {
      throw new Failure("a number of kept backups is not negative", Gridwarden.WRONG_INPUT);
    }
    return new BackupRoom(spec.commandLine())
        .prune(where.repository, whom.read(), new int[] {last, daily, weekly, monthly}, dry, json);
  }

  /** Keys of backups. */
  @Command(name = "key", description = "Makes the key that backups are enciphered for.")
  static final class KeyCommand implements Runnable {
    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Without a verb: the help. */
    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
        name = "new",
        description =
            "Makes a key pair: FILE reads backups and is kept away from the server, with its"
                + " passphrase; the server gets what lets it write them and read none.")
    int create(
        @Parameters(paramLabel = "FILE", description = "Where the key goes: a medium of its own.")
            Path file,
        @Mixin BackupOptions.For whom,
        @Option(
                names = "--passphrase",
                paramLabel = "PLACE",
                description = "file:PATH or env:NAME; else it is typed.")
            @Nullable String passphrase) {
      Path recipient = whom.file();
      try (Secret secret =
          BackupOptions.secret(passphrase, "A passphrase for " + file.getFileName(), true)) {
        if (whom.recipient == null) {
          SecretFiles.folder(whom.data);
          SecretFiles.folder(recipient.getParent() == null ? whom.data : recipient.getParent());
        }
        BackupRecipient made = BackupKey.create(file, recipient, secret);
        var out = spec.commandLine().getOut();
        out.println("key " + made.id());
        out.println("  " + file + " reads backups: keep it, and its passphrase, away from here");
        out.println("  " + recipient + " lets the server write them");
        out.flush();
        return Gridwarden.OK;
      } catch (IOException | BackupException e) {
        throw new Failure(String.valueOf(e.getMessage()));
      }
    }
  }
}
