package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a data folder back from a backup. */
@Command(
    name = "restore",
    description = {
      "Brings a data folder back from a backup, into a new folder; nothing is written over.",
      "The office that was backed up must not run any more: the first start moves its counters on,"
          + " so that no meter sees one twice.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  ./gridwarden restore --repository /mnt/backups --key /media/safe/backup.key"
          + " --into gridwarden-data",
    })
final class RestoreCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin BackupOptions.Where where = new BackupOptions.Where();

  @Mixin BackupOptions.Key key = new BackupOptions.Key();

  @Option(
      names = "--into",
      required = true,
      paramLabel = "DIR",
      description = "A folder that is not there yet, or is empty.")
  Path into = Path.of("");

  @Option(
      names = "--snapshot",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Which backup, by its name's beginning; the newest where it is not given.")
  String snapshot = "";

  @Option(names = "--json", description = "What was done, as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    return new BackupRoom(spec.commandLine())
        .restore(where.repository, key.open(), snapshot, into, json);
  }
}
