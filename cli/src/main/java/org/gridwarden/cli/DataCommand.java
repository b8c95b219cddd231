package org.gridwarden.cli;

import java.nio.file.Path;
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
      @Option(names = "--json", description = "What was found, as JSON.") boolean json) {
    return new DataRun(data, spec.commandLine().getOut()).check(json);
  }

  @Command(
      name = "repair",
      description =
          "Makes damaged indexes again from their tables, and says of damaged tables which days"
              + " they hold and whether the raw messages of those days are whole.")
  int repair(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "gridwarden-data",
              description = "The server's data folder (${DEFAULT-VALUE}).")
          Path data) {
    return new DataRun(data, spec.commandLine().getOut()).repair();
  }
}
