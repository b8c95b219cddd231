package org.gridwarden.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A hand at the simulated meters of a running demo. */
@Command(
    name = "street",
    description = "Opens casings and holds magnets to the simulated meters of a running demo.",
    footer = {
      "",
      "Examples, beside ./gridwarden demo:",
      "  ./gridwarden street senses GW-0000001",
      "  ./gridwarden street tamper GW-0000001 meter-cover",
      "  ./gridwarden street tamper GW-0000001 meter-cover --undo",
    })
final class StreetCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "senses", description = "What can be done to a meter, and what is done to it.")
  int senses(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter) {
    try (OfficeClient client = office.connect()) {
      print(client.get("/street/meters/" + JsonRows.encode(meter)));
      return Gridwarden.OK;
    }
  }

  @Command(name = "tamper", description = "Does something to a meter, or undoes it.")
  int tamper(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Parameters(paramLabel = "SENSE", description = "What, as 'street senses' lists it.")
          String sense,
      @Option(names = "--undo", description = "Undoes it.") boolean undo) {
    try (OfficeClient client = office.connect()) {
      print(
          client.post(
              "/street/meters/" + JsonRows.encode(meter) + "/tamper",
              Map.of("sense", sense, "on", !undo)));
      return Gridwarden.OK;
    }
  }

  private void print(JsonNode senses) {
    JsonRows.print(spec.commandLine().getOut(), senses, List.of("sense", "on", "text"));
    spec.commandLine().getOut().flush();
  }
}
