package org.gridwarden.cli;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Green Button files, without a server. */
@Command(
    name = "green-button",
    description =
        "Checks Green Button files, without a server. 'export' and 'import' make and take them.")
final class GreenButtonCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a command: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "check",
      description = {
        "Checks a Green Button file against the schemas of ESPI 4.0, and for what no schema says:",
        "links that lead nowhere, intervals that overlap or are missing, units and powers of ten,"
            + " rules of summer time. Says what the file holds.",
      },
      exitCodeList = {
        "0:The file is fine; warnings may stand there.",
        "1:It failed; one line on standard error says why and what to do.",
        "2:The file has errors, or the command line was wrong."
      })
  int check(
      @Parameters(paramLabel = "FILE", description = "The file, an Atom feed.") Path file,
      @Option(names = "--json", description = "What was found as one JSON object.") boolean json) {
    return new GreenButtonCheckRun(spec.commandLine().getOut()).run(file, json);
  }
}
