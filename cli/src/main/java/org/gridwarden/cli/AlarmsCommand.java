package org.gridwarden.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What is wrong now. */
@Command(
    name = "alarms",
    description =
        "Shows what is wrong, a row each however often it was told, through the running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden alarms",
      "  ./gridwarden alarms --state closed --meter GW-0000001",
      "  ./gridwarden alarms acknowledge 17",
    })
final class AlarmsCommand implements Runnable {
  private static final List<String> FIELDS =
      List.of("id", "severity", "state", "word", "meter", "count", "last", "caseId", "text");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Option(
      names = "--state",
      defaultValue = "open,acknowledged",
      paramLabel = "STATES",
      description = "Of open, acknowledged, closed. Default: ${DEFAULT-VALUE}.")
  private String state = "";

  @Option(
      names = "--severity",
      paramLabel = "LEVELS",
      description = "Of critical, fault, attention.")
  private @Nullable String severity;

  @Option(names = "--meter", paramLabel = "METER", description = "Of one meter.")
  private @Nullable String meter;

  @Option(
      names = "--word",
      paramLabel = "WORD",
      description = "Of one word, such as tamper.magnet.")
  private @Nullable String word;

  @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
  private int page;

  @Option(names = "--size", defaultValue = "50", description = "Alarms a page, at most 1000.")
  private int size;

  @Option(names = "--json", description = "The server's answer as JSON.")
  private boolean json;

  @Override
  public void run() {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/alarms?page="
                  + page
                  + "&size="
                  + size
                  + JsonRows.query("state", state)
                  + JsonRows.query("severity", severity)
                  + JsonRows.query("meter", meter)
                  + JsonRows.query("word", word));
      if (json) {
        spec.commandLine().getOut().println(answer);
      } else {
        JsonRows.print(spec.commandLine().getOut(), answer.path("items"), FIELDS);
        spec.commandLine().getOut().println(answer.path("total").asLong() + " alarms");
      }
      spec.commandLine().getOut().flush();
    }
  }

  @Command(name = "acknowledge", description = "Takes notice of an alarm, under your name.")
  int acknowledge(
      @Mixin OfficeOptions by,
      @Parameters(paramLabel = "ID", description = "The alarm's number.") long id) {
    try (OfficeClient client = by.connect()) {
      JsonNode alarm = client.post("/alarms/" + id + "/acknowledge", Map.of());
      spec.commandLine().getOut().println("alarm " + id + " is " + alarm.path("state").asString());
      spec.commandLine().getOut().flush();
      return Gridwarden.OK;
    }
  }
}
