package org.gridwarden.cli;

import java.nio.file.Path;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Bills from files, without a server. */
@Command(
    name = "bill",
    subcommands = {
      BillRunCommand.class,
      BillListCommand.class,
      BillShowCommand.class,
      BillCorrectCommand.class,
      BillKeyCommand.class,
      BillVerifyCommand.class
    },
    description = {
      "Reckons bills from a tariff and a file of readings, month by month, without a server.",
      "",
      "The tariff is in the form of the Utility Rate Database (URDB), as its API answers with"
          + " detail=full. The readings are CSV: meter,start,kwh (or kw, the average of an"
          + " interval), a line an interval, the start in ISO 8601 with its offset. An interval"
          + " without a value is not billed as zero but refused: estimate it first, by 'vee'.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden bill --tariff rate.json --load year.csv --zone America/New_York",
      "  ./gridwarden bill --tariff rate.json --load year.csv --year 2026 --json",
      "  ./gridwarden bill --tariff rate.json --load year.csv --html bill.html",
    })
final class BillCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--tariff", paramLabel = "FILE", description = "The tariff, in JSON.")
  @Nullable Path tariff;

  @Option(names = "--load", paramLabel = "CSV", description = "The readings of one or more meters.")
  @Nullable Path load;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "The civil time by which the tariff's months and hours count, Europe/Zurich say. Without"
              + " it: the offsets that stand in the readings.")
  @Nullable ZoneId zone;

  @Option(
      names = "--year",
      paramLabel = "YEAR",
      description =
          "Bills this year only; readings before it count where the tariff looks back. Without it:"
              + " all months.")
  @Nullable Integer year;

  @Option(names = "--json", description = "One JSON object with each month and line.")
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the bill as a page as well, to read and to print.")
  @Nullable Path html;

  /** Reckons and prints. */
  @Override
  public void run() {
    Path tariff = this.tariff;
    Path load = this.load;
    if (tariff == null || load == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give --tariff and --load, or a verb: verify, run, list, show");
    }
    new BillRun(spec.commandLine().getOut(), spec.commandLine().getErr())
        .run(tariff, load, zone, year, json, html);
  }
}
