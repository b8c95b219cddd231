package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether what is stored is as it was stored. */
@Command(
    name = "data",
    description =
        "Checks whether what is stored is as it was stored, and mends what can be. The server must"
            + " be stopped.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden data check --data gridwarden-data",
      "  ./gridwarden data repair --data gridwarden-data --dry-run",
      "  ./gridwarden data repair --data gridwarden-data",
    },
    exitCodeList = {
      "0:All is as it was stored.",
      "1:Something is not, or could not be looked at; what and where is printed.",
      "2:The command line or the input given was wrong."
    })
final class DataCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "check",
      description =
          "Reads every page of the embedded database and its checksum, then holds the closed days'"
              + " values against their signed fingerprints. Changes nothing.")
  int check(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "gridwarden-data",
              description = "The server's data folder (${DEFAULT-VALUE}).")
          Path data,
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description =
                  "The server's configuration, where its key is under a passphrase or in a token.")
          @Nullable Path config,
      @Option(names = "--json", description = "What was found, as JSON.") boolean json) {
    return new DataRun(data, Optional.ofNullable(config), spec.commandLine().getOut()).check(json);
  }

  @Command(
      name = "repair",
      description =
          "Makes damaged indexes again from their tables. A torn table of readings is filled again:"
              + " what can be read of it is saved, the raw messages that are kept are read again by"
              + " the way they came, and the signed fingerprints are held against it. Says meter by"
              + " meter what came back and what is a gap now, which is asked for again where the"
              + " meter is one that is read. Other torn tables come back from a backup.")
  int repair(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "gridwarden-data",
              description = "The server's data folder (${DEFAULT-VALUE}).")
          Path data,
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description =
                  "The server's configuration, where its key is under a passphrase or in a token.")
          @Nullable Path config,
      @Option(
              names = "--dry-run",
              description =
                  "Says what would be mended and what could be read again; changes nothing.")
          boolean dryRun,
      @Option(names = "--json", description = "What was mended, as JSON.") boolean json) {
    CommandLine line = spec.commandLine();
    return new DataRepair(data, Optional.ofNullable(config), line.getOut(), line.getErr())
        .run(dryRun, json);
  }
}
