package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Meters that are read, through the running server. */
@Command(
    name = "collection",
    description =
        "Shows how reading meters on schedules stands, and reads one now, through the running"
            + " server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden collection status",
      "  ./gridwarden collection read GW-0000001",
      "  ./gridwarden collection reach GW-0000001 --address 10.1.2.3:4059 --link cell-7",
    })
final class CollectionCommand implements Runnable {
  private static final List<String> SCHEDULE =
      List.of("schedule", "meters", "due", "failing", "complete", "missing", "share");
  private static final List<String> METER =
      List.of("meter", "link", "read", "due", "failures", "missing", "clockOffMs", "fault");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(
      name = "status",
      description = "How each schedule stands, and the meters that are behind, the worst first.")
  int status(
      @Mixin OfficeOptions office,
      @Option(names = "--query", paramLabel = "TEXT", description = "Only meters that contain it.")
          @Nullable String query,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "20", description = "Meters a page, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/collection?page="
                  + page
                  + "&size="
                  + size
                  + (query == null ? "" : "&q=" + encode(query)));
      if (json) {
        out().println(answer);
      } else {
        out()
            .println(
                (answer.path("enabled").asBoolean() ? "" : "Collection is switched off. ")
                    + answer.path("running").asInt()
                    + " meters are being read, "
                    + answer.path("waiting").asInt()
                    + " wait for their link.");
        out().println();
        table(answer.path("schedules"), SCHEDULE);
        out().println();
        table(answer.path("meters").path("items"), METER);
        out().println(answer.path("meters").path("total").asLong() + " meters");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "read",
      description =
          "Reads a meter now, over its own line: clock, billing registers, what is missing of its"
              + " profiles, events. All of it is stored.")
  int read(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.post("/meters/" + encode(meter) + "/read", Map.of());
      if (json) {
        out().println(answer);
      } else {
        table(answer.path("registers"), List.of("obis", "name", "at", "value", "unit"));
        int intervals = answer.path("intervals").asInt();
        out()
            .println(
                intervals
                    + " intervals"
                    + (intervals == 0
                        ? ""
                        : " from "
                            + answer.path("firstInterval").asString()
                            + " to "
                            + answer.path("lastInterval").asString()));
        if (!answer.path("events").isEmpty()) {
          table(answer.path("events"), List.of("at", "severity", "code", "text"));
        }
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "reach", description = "Says how a meter is reached; what is left out is empty.")
  int reach(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(
              names = "--address",
              paramLabel = "HOST:PORT",
              description = "Where it listens; empty where it calls in.")
          @Nullable String address,
      @Option(
              names = "--link",
              paramLabel = "NAME",
              description = "What it shares with others: a concentrator, a cell.")
          @Nullable String link,
      @Option(
              names = "--client",
              paramLabel = "NAME",
              description = "Which of the companion profile's clients the office is.")
          @Nullable String client,
      @Option(
              names = "--companion",
              paramLabel = "NAME",
              description = "Which companion profile says what to read.")
          @Nullable String companion) {
    try (OfficeClient server = office.connect()) {
      server.put(
          "/meters/" + encode(meter) + "/reach",
          Map.of(
              "address", text(address),
              "link", text(link),
              "client", text(client),
              "companion", text(companion)));
      return Gridwarden.OK;
    }
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }

  private void table(JsonNode items, List<String> fields) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      List<String> row = new ArrayList<>();
      for (String field : fields) {
        row.add(item.path(field).isNull() ? "-" : item.path(field).asString());
      }
      rows.add(row);
    }
    Table.print(out(), fields, rows);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
