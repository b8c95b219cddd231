package org.gridwarden.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tariffs: checked as files, and brought to the office as signed versions. */
@Command(
    name = "tariff",
    description = {
      "Checks tariffs, and brings them to the office as signed versions that never change.",
      "",
      "A tariff is in the form of the Utility Rate Database (URDB, JSON) or in our own (YAML;"
          + " docs/billing.md has all of it). Prices by the quarter-hour stand in CSV files beside"
          + " it, which it names with their SHA-256.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden tariff check household.yaml",
      "  ./gridwarden tariff add household.yaml --id household --valid-from 2027-01-01"
          + " --key bea.p12 --user bea",
      "  ./gridwarden tariff list",
      "  ./gridwarden tariff show household --on 2027-03-31 --out household.yaml",
    })
final class TariffCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "check", description = "Says whether bills can be made by a file; no server.")
  int check(@Parameters(paramLabel = "FILE", description = "The tariff.") Path file) {
    tariffs().check(file);
    return Gridwarden.OK;
  }

  @Command(
      name = "add",
      description =
          "Signs a file as a tariff's next version and brings it to the office, with the prices"
              + " that it names. Wants a person who may bill, and a key of theirs that the office"
              + " has taken: command key.")
  int add(
      @Mixin OfficeOptions office,
      @Mixin SignerOptions signer,
      @Parameters(paramLabel = "FILE", description = "The tariff.") Path file,
      @Option(
              names = "--id",
              paramLabel = "ID",
              required = true,
              description = "Which tariff: letters, digits, '.', '_' and '-'.")
          String id,
      @Option(
              names = "--valid-from",
              paramLabel = "DATE",
              required = true,
              description = "The first civil day on which it holds, as in 2027-01-01.")
          LocalDate validFrom) {
    tariffs().add(file, id, validFrom, signer, office);
    return Gridwarden.OK;
  }

  @Command(name = "list", description = "All versions of all tariffs, the newest first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    tariffs().list(office, json);
    return Gridwarden.OK;
  }

  @Command(
      name = "show",
      description = "One version, its signature checked; the newest where none is named.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "Which tariff.") String id,
      @Option(names = "--version", paramLabel = "N", description = "The version of this number.")
          @Nullable Integer version,
      @Option(
              names = "--on",
              paramLabel = "DATE",
              description = "The version that holds on this day.")
          @Nullable LocalDate on,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "Writes its document there, to the byte as it was signed.")
          @Nullable Path to,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    if (version != null && on != null) {
      throw new Failure("name a --version or a day with --on, not both", Gridwarden.WRONG_INPUT);
    }
    tariffs().show(office, id, version, on, to, json);
    return Gridwarden.OK;
  }

  private TariffRun tariffs() {
    return new TariffRun(spec.commandLine().getOut());
  }
}
