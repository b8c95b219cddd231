package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One command with its steps and its receipt. */
@Command(
    name = "show",
    description = "Shows a command: what its order says, each step of its, and the receipt.")
final class CommandShowCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "ID", description = "The command's id.")
  private String id = "";

  @Option(names = "--json", description = "The server's answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode command = client.get("/commands/" + CommandIds.check(id));
      if (json) {
        out.println(command);
      } else {
        print(out, command);
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  private static void print(PrintWriter out, JsonNode command) {
    SeenOrder order = SeenOrder.of(command);
    out.println(order.words());
    out.println("Reason: " + command.path("reason").asString());
    out.println("Due: " + command.path("due").asString());
    out.println("Signature: " + order.form().words());
    if (command.path("gate").isString()) {
      out.println("Gate: " + command.path("gate").asString() + ".");
    }
    JsonNode image = command.path("image");
    if (image.isObject()) {
      out.println(
          "Image: "
              + image.path("there").asInt()
              + " of "
              + image.path("blocks").asInt()
              + " blocks are at the meter, by "
              + image.path("at").asString());
    }
    out.println();
    List<List<String>> steps = new ArrayList<>();
    for (JsonNode step : command.path("steps")) {
      steps.add(
          List.of(
              step.path("at").asString(),
              step.path("state").asString(),
              step.path("actor").asString(),
              step.path("note").asString()));
    }
    Table.print(out, List.of("at", "state", "by", "note"), steps);
    JsonNode receipt = command.path("receipt");
    if (receipt.isObject()) {
      out.println();
      out.println(
          "Receipt: "
              + receipt.path("outcome").asString()
              + " at "
              + receipt.path("at").asString()
              + ", "
              + receipt.path("detail").asString()
              + (receipt.path("signed").asBoolean()
                  ? "; signed by the meter (" + order.form().words() + "), and checked."
                  : "; the meter cannot sign."));
    }
  }
}
