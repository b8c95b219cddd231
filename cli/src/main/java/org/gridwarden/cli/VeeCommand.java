package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Validates and completes a file of interval data. */
@Command(
    name = "vee",
    subcommands = {VeeServerCommand.Run.class, VeeServerCommand.Exceptions.class},
    description = {
      "Validates a file of interval data, fills its gaps and marks what is doubtful.",
      "",
      "The input is CSV: header meter,start,kwh (or kw for the average power), a line an interval,"
          + " start in ISO 8601 with its offset, an empty value for a gap. Lines may stand in any"
          + " order; missing lines are gaps, too; of two values for an interval the first stands."
          + " How long an interval is comes from the data, for each meter.",
      "",
      "The output has every interval from a meter's first to its last, and two columns more:"
          + " quality (good, suspect, estimated, missing) and, where it was estimated, the method."
          + " Input and rules alone decide what comes out: a second run makes the same file."
    },
    footer = {
      "",
      "A rule file says what differs from the shipped rules (--print-rules shows those):",
      "  holidays: [2026-12-25]",
      "  classes:",
      "    household:",
      "      validation:",
      "        high: {limit-kw: 24}",
      "",
      "Examples:",
      "  ./gridwarden vee --in load.csv --out complete.csv --zone Europe/Zurich",
      "  ./gridwarden vee --in load.csv --out complete.csv --rules my-rules.yaml --report vee.html",
      "  ./gridwarden vee --print-rules > my-rules.yaml",
      "  ./gridwarden vee run --days 7",
      "  ./gridwarden vee exceptions --rule spike",
    },
    exitCodeList = {
      "0:The output is written, gaps and doubts or not.",
      "1:It failed; one line on standard error says why and what to do.",
      "2:The input, the rule file or the command line was wrong; nothing was written."
    })
final class VeeCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--in", paramLabel = "CSV", description = "The interval data.")
  @Nullable Path in;

  @Option(names = "--out", paramLabel = "CSV", description = "Where the completed data go.")
  @Nullable Path out;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "What differs from the shipped rules (YAML).")
  @Nullable Path rules;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      defaultValue = "household",
      description = "Whose rules of the rule file (${DEFAULT-VALUE}).")
  String meterClass = "household";

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "Whose days and wall clock are meant, as in Europe/Zurich; without it those of the"
              + " offsets that the lines bear.")
  @Nullable String zone;

  @Option(
      names = "--report",
      paramLabel = "HTML",
      description = "A page with what was found and filled, and plots.")
  @Nullable Path report;

  @Option(
      names = "--findings",
      paramLabel = "CSV",
      description = "Every finding: rule, stretch, the measured and the permitted figure.")
  @Nullable Path findings;

  @Option(names = "--print-rules", description = "Prints the shipped rules and ends.")
  boolean printRules;

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    return new VeeRun(this, line.getOut(), line.getErr()).run();
  }
}
