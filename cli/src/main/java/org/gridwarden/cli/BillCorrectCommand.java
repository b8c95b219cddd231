package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Corrects a bill, through the running server. */
@Command(
    name = "correct",
    description = {
      "Takes a bill back by a credit, and bills its period again from what is stored now.",
      "Both name the bill; it stays as it was issued. Needs a person: --user.",
    },
    footer = {
      "",
      "Example:",
      "  ./gridwarden bill correct 2026-000017 --reason 'meter read wrong' --user berta",
    })
final class BillCorrectCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "NUMBER", description = "The bill's number.")
  String number = "";

  @Option(names = "--reason", required = true, description = "Why; it stands on both.")
  String reason = "";

  @Option(names = "--json", description = "The server's answer as JSON.")
  boolean json;

  /** Asks and prints. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode done =
          client.post("/bills/" + UrlPart.of(number) + "/correct", Map.of("reason", reason));
      if (json) {
        out.println(done);
      } else {
        out.printf(
            "bill %s was taken back by credit %s; bill %s takes its place%n",
            number, done.path("credit").asString(), done.path("bill").asString());
      }
      out.flush();
    }
  }
}
