package org.gridwarden.cli;

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

/** Stops commands that are not sent yet. */
@Command(
    name = "refuse",
    description =
        "Refuses commands that are not sent yet, whoever drafted. One that cannot be refused stops"
            + " none of the others.")
final class CommandRefuseCommand implements Callable<Integer> {
  private static final int AT_ONCE = 1_000;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The commands' ids.")
  private List<String> ids = List.of();

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
  private String reason = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> all = ids.stream().map(CommandIds::check).distinct().toList();
    boolean good = true;
    try (OfficeClient client = office.connect()) {
      for (int i = 0; i < all.size(); i += AT_ONCE) {
        List<String> some = all.subList(i, Math.min(all.size(), i + AT_ONCE));
        JsonNode answer = client.post("/commands/refuse", Map.of("ids", some, "reason", reason));
        for (JsonNode item : answer.path("items")) {
          String state = item.path("state").asString("");
          good &= !state.isEmpty();
          out.println(
              item.path("id").asString()
                  + (state.isEmpty()
                      ? " is not refused: " + item.path("why").asString()
                      : " is " + state));
        }
      }
      out.flush();
      return good ? Gridwarden.OK : Gridwarden.FAILED;
    }
  }
}
