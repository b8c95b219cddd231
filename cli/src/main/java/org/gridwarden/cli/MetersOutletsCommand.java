package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** A power strip's outlets: how they stand, and how they are called. */
@Command(
    name = "outlets",
    description =
        "Shows a power strip's outlets: name, place, whether each is on and in use, its power and"
            + " the energy of the day. With an outlet's number, says how it is called and where it"
            + " is.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden meters outlets PS-0000001",
      "  ./gridwarden meters outlets PS-0000001 1 --name fridge --place kitchen",
      "  ./gridwarden meters outlets PS-0000001 3 --appliance 'television, 55 inch' --standby 2",
      "  ./gridwarden meters outlets PS-0000001 1 --name ''",
    })
final class MetersOutletsCommand implements Callable<Integer> {
  private static final List<String> HEADING =
      List.of("outlet", "name", "place", "appliance", "switch", "use", "W", "today Wh", "told");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(index = "0", paramLabel = "METER", description = "The strip's meter id.")
  private String meter = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUTLET",
      description = "Its number, 1 to 64, to be named.")
  private @Nullable Integer outlet;

  @Option(names = "--name", paramLabel = "NAME", description = "How it is called; '' for none.")
  private @Nullable String name;

  @Option(names = "--place", paramLabel = "PLACE", description = "Where it is; '' for nowhere.")
  private @Nullable String place;

  @Option(
      names = "--appliance",
      paramLabel = "WORDS",
      description = "What is plugged in; '' for nothing.")
  private @Nullable String appliance;

  @Option(
      names = "--standby",
      paramLabel = "WATTS",
      description = "Up to so many watts it is not in use, 0 to 5,000; 5 where nobody says.")
  private @Nullable Integer standby;

  @Option(names = "--json", description = "The server's answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Map<String, Object> said = said();
    if (outlet == null && !said.isEmpty()) {
      throw new Failure("say which outlet: its number follows the meter", Gridwarden.WRONG_INPUT);
    }
    if (outlet != null && said.isEmpty()) {
      throw new Failure(
          "say what it is: --name, --place, --appliance or --standby", Gridwarden.WRONG_INPUT);
    }
    String path = "/meters/" + JsonRows.encode(meter) + "/outlets";
    try (OfficeClient client = office.connect()) {
      JsonNode answer = outlet == null ? client.get(path) : client.put(path + "/" + outlet, said);
      if (json) {
        out().println(answer);
      } else if (answer.path("items").isEmpty()) {
        out().println(meter + " is no power strip, or has not told anything of its outlets yet");
      } else {
        List<List<String>> rows = new ArrayList<>();
        answer.path("items").forEach(one -> rows.add(row(one)));
        Table.print(out(), HEADING, rows);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  private Map<String, Object> said() {
    Map<String, Object> said = new LinkedHashMap<>();
    if (name != null) {
      said.put("name", name);
    }
    if (place != null) {
      said.put("place", place);
    }
    if (appliance != null) {
      said.put("appliance", appliance);
    }
    if (standby != null) {
      said.put("standbyWatts", standby);
    }
    return said;
  }

  private static List<String> row(JsonNode one) {
    JsonNode on = one.path("on");
    JsonNode use = one.path("inUse");
    String since =
        (one.path("longer").asBoolean(false) ? "from before " : "since ")
            + seconds(one.path("since"));
    return List.of(
        one.path("outlet").asString(),
        one.path("name").asString(),
        one.path("place").asString(),
        one.path("appliance").asString(),
        on.isBoolean() ? on.asBoolean() ? "on" : "off" : "-",
        use.isBoolean() ? (use.asBoolean() ? "in use " : "idle ") + since : "-",
        JsonRows.text(one.path("watts")),
        JsonRows.text(one.path("today")) + (one.path("wholeDay").asBoolean() ? "" : " (part)"),
        seconds(one.path("told")));
  }

  /** Without the parts of a second. */
  private static String seconds(JsonNode instant) {
    return JsonRows.text(instant).replaceFirst("\\.[0-9]+Z", "Z");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
