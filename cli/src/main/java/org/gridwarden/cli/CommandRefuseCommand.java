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

/** Stops commands that are not sent yet. */
@Command(name = "refuse", description = "Refuses commands that are not sent yet, whoever drafted.")
final class CommandRefuseCommand implements Callable<Integer> {
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
    ids.forEach(CommandIds::check);
    try (OfficeClient client = office.connect()) {
      for (String id : ids) {
        client.post("/commands/" + CommandIds.check(id) + "/refuse", Map.of("reason", reason));
        out.println(id + " is REFUSED");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }
}
