package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a bill, without a server. */
@Command(
    name = "verify",
    description = {
      "Verifies a bill with nothing but the office's public key, without a server.",
      "",
      "Every figure is reckoned again from the readings and the tariff in the file; that the office"
          + " committed to these readings before it billed them, and to this bill, is shown by its"
          + " signed tree (RFC 9162). Each line is graded: meter-signed where the meter itself"
          + " signed all its readings, office-attested where the office vouches that the meter sent"
          + " them. Exit code 1 where it does not hold; it says where.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden audit key > office.pem            keep it apart, before there is a bill",
      "  ./gridwarden bill show 2026-000017 --proof bill.json",
      "  ./gridwarden bill verify bill.json --key office.pem",
    })
final class BillVerifyCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The bill with its proof.")
  Path file = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "PEM",
      description = "The office's public key, as 'audit key' prints it; kept apart from the bill.")
  Path key = Path.of("");

  @Option(
      names = "--meter-ca",
      paramLabel = "PEM",
      description =
          "Whose certificates meters have: a signature of a meter counts only with one of these."
              + " May be given often. Without it, whose certificate one is is the office's word.")
  @Nullable List<Path> authorities;

  @Option(names = "--json", description = "The outcome as one JSON object.")
  boolean json;

  /** Verifies and prints. */
  @Override
  public void run() {
    new BillVerification(spec.commandLine().getOut())
        .run(file, key, authorities == null ? List.of() : authorities, json);
  }
}
