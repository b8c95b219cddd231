package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "  ./gridwarden street rekey GW-0000001 --shipment fitter.csv",
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

  @Command(
      name = "rekey",
      description =
          "The fitter comes to a meter that has erased its keys: gives it others, and sends the"
              + " office this shipment. A model of what a fitter's tool does.")
  int rekey(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(
              names = "--shipment",
              required = true,
              paramLabel = "FILE",
              description = "Where the fitter's line is written, for 'keys replace'.")
          Path shipment) {
    try (OfficeClient client = office.connect()) {
      String line =
          client.postForText("/street/meters/" + JsonRows.encode(meter) + "/rekey", "text/csv");
      Files.writeString(shipment, line);
      spec.commandLine().getOut().println("the fitter's line is in " + shipment);
      spec.commandLine().getOut().flush();
      return Gridwarden.OK;
    } catch (IOException e) {
      throw new Failure(shipment + " cannot be written: " + e.getMessage());
    }
  }

  private void print(JsonNode senses) {
    JsonRows.print(spec.commandLine().getOut(), senses, List.of("sense", "on", "text"));
    spec.commandLine().getOut().flush();
  }
}
