package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Consumers who depend on power: nobody switches them off from afar. */
@Command(
    name = "protect",
    description =
        "Protects a meter's consumer, who depends on power for a medical device, say: nobody"
            + " disconnects or limits them from afar, whoever asks and however many approve."
            + " Without a meter: lists who is protected.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command protect",
      "  ./gridwarden command protect GW-0000017 --reason 'ventilator, seen by Dr Weiss'"
          + " --user olivia",
    })
final class CommandProtectCommand implements Callable<Integer> {
  private static final List<String> HEAD =
      List.of("meter", "since", "by", "reason", "asked to end by");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "METER", arity = "0..1", description = "The meter's id.")
  private @Nullable String meter;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; 1 to 500 characters.")
  private @Nullable String reason;

  @Option(names = "--json", description = "The list as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (meter != null && reason == null) {
      throw new Failure("say why by --reason TEXT", Gridwarden.WRONG_INPUT);
    }
    try (OfficeClient client = office.connect()) {
      if (meter == null || reason == null) {
        list(client, out);
      } else {
        client.put(CommandUnprotectCommand.path(meter), Map.of("reason", reason));
        out.println(meter + " is protected");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  private void list(OfficeClient client, PrintWriter out) {
    JsonNode all = client.get("/protections");
    if (json) {
      out.println(all);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode one : all.path("items")) {
      JsonNode lift = one.path("lift");
      rows.add(
          List.of(
              one.path("meter").asString(),
              one.path("since").asString(),
              one.path("by").asString(),
              one.path("reason").asString(),
              lift.isObject()
                  ? lift.path("askedBy").asString() + ": " + lift.path("reason").asString()
                  : "-"));
    }
    if (rows.isEmpty()) {
      out.println("No consumer is protected: command protect METER --reason TEXT");
    } else {
      Table.print(out, HEAD, rows);
    }
  }
}
