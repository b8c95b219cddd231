package org.gridwarden.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A second person's release. */
@Command(
    name = "approve",
    description =
        "Releases commands that somebody else drafted and that wait for a second person. Each is"
            + " shown as its order's bytes have it, and released as shown or not at all.")
final class CommandApproveCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The commands' ids.")
  private List<String> ids = List.of();

  @Option(names = "--yes", description = "Does not ask; for programs that have looked themselves.")
  private boolean yes;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ids.forEach(CommandIds::check);
    try (OfficeClient client = office.connect()) {
      for (String id : ids) {
        JsonNode command = client.get("/commands/" + CommandIds.check(id));
        SeenOrder seen = SeenOrder.of(command);
        out.println(seen.words());
        out.println("Reason: " + command.path("reason").asString());
        if (command.path("state").asString().equals("QUARANTINED")) {
          out.println("Held back: " + command.path("why").asString());
        }
        out.flush();
        if (!sure()) {
          out.println("Not released.");
          continue;
        }
        JsonNode now =
            client.post("/commands/" + seen.id() + "/approve", Map.of("order", seen.bytes()));
        out.println(
            seen.id()
                + " is "
                + now.path("state").asString()
                + (now.path("why").asString().isEmpty() ? "" : ": " + now.path("why").asString()));
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  private boolean sure() {
    if (yes) {
      return true;
    }
    if (AtDesk.NOW.isBound()) {
      return AtDesk.NOW.get().ask("Release it? Type yes: ").strip().equalsIgnoreCase("yes");
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new Failure(
          "nobody is there to be asked; a program that has looked says --yes",
          Gridwarden.WRONG_INPUT);
    }
    String answer = console.readLine("Release it? Type yes: ");
    return answer != null && answer.strip().equalsIgnoreCase("yes");
  }
}
