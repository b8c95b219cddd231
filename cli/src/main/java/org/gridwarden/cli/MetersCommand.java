package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The meters that the office knows, through the running server. */
@Command(
    name = "meters",
    description = "Lists, shows, imports and accepts meters, through the running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden meters list --query GW-00 --sort -lastContact",
      "  ./gridwarden meters import shipment.csv --dry-run",
      "  ./gridwarden meters waiting",
      "  ./gridwarden meters quarantine GW-0000001 --reason 'The seal is broken.'",
      "  ./gridwarden meters access show GW-0000001",
    },
    subcommands = {
      MetersAccessCommand.class,
      MetersVirtualCommand.class,
      MetersCompareCommand.class,
      MetersOutletsCommand.class
    })
final class MetersCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "list", description = "Lists meters, a page at a time.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--query", paramLabel = "TEXT", description = "Only those that contain it.")
          String query,
      @Option(
              names = "--sort",
              paramLabel = "FIELD",
              defaultValue = "id",
              description = "By which field; with - in front backwards. Default: ${DEFAULT-VALUE}.")
          String sort,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "50", description = "Meters a page, at most 500.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/meters?page="
                  + page
                  + "&size="
                  + size
                  + "&sort="
                  + encode(sort)
                  + (query == null ? "" : "&q=" + encode(query)));
      if (json) {
        return print(answer);
      }
      table(answer.path("items"), "id", "profile", "servicePoint", "state", "lastContact");
      out().println(answer.path("total").asLong() + " meters");
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "show", description = "Shows a meter and its channels.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--json", description = "The server's answers as one JSON object.")
          boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode shown = client.get("/meters/" + encode(meter));
      JsonNode channels = client.get("/meters/" + encode(meter) + "/channels");
      if (json) {
        out().println("{\"meter\":" + shown + ",\"channels\":" + channels + "}");
      } else {
        shown
            .properties()
            .forEach(p -> out().printf(Locale.ROOT, "%-16s %s%n", p.getKey(), text(p.getValue())));
        out().println();
        table(channels, "obis", "name", "kind", "unit", "first", "last");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "import",
      description =
          "Takes in a shipment file (CSV or XML) with meters' serials, system titles, profiles and"
              + " wrapped keys. Says for each refused line what is wrong with it.")
  int importFile(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", description = "The shipment file.") Path file,
      @Option(names = "--dry-run", description = "Only says what would be taken and refused.")
          boolean dryRun,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    byte[] body;
    try {
      body = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
    boolean xml = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xml");
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post(
              "/meters/import?dryRun=" + dryRun, xml ? "application/xml" : "text/csv", body);
      JsonNode rejected = answer.path("rejected");
      if (json) {
        print(answer);
      } else {
        for (JsonNode line : rejected) {
          err()
              .println(
                  file
                      + ":"
                      + line.path("line").asString("")
                      + ": "
                      + line.path("field").asString("")
                      + ": "
                      + line.path("error").asString(""));
        }
        err().flush();
        out()
            .println(
                answer.path("accepted").asLong()
                    + (dryRun ? " would be taken, " : " taken, ")
                    + rejected.size()
                    + " refused");
        out().flush();
      }
      return rejected.isEmpty() ? Gridwarden.OK : Gridwarden.WRONG_INPUT;
    }
  }

  @Command(
      name = "waiting",
      description =
          "Lists meters that sent something and are not known: nothing of theirs is kept"
              + " as a reading before they are accepted.")
  int waiting(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/waiting");
      if (json) {
        return print(answer);
      }
      JsonNode items = answer.has("items") ? answer.path("items") : answer;
      table(items, "systemTitle", "serial", "channel", "first", "last", "count");
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "quarantine",
      description =
          "Puts a meter in quarantine: it goes on metering, its readings are held back from billing,"
              + " it is not commanded, and a case is opened.")
  int quarantine(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason) {
    try (OfficeClient client = office.connect()) {
      JsonNode about =
          client.post("/meters/" + encode(meter) + "/quarantine", Map.of("reason", reason));
      out().println(meter + " is in quarantine, case " + about.path("id").asLong());
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "release",
      description =
          "Ends a quarantine and releases for billing what is held. Its case must be closed, and by"
              + " another person.")
  int release(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason,
      @Option(
              names = "--from",
              defaultValue = "",
              paramLabel = "INSTANT",
              description = "Only from then on. Default: all that is held.")
          String from,
      @Option(
              names = "--to",
              defaultValue = "",
              paramLabel = "INSTANT",
              description = "Only until then. Default: until now.")
          String to) {
    try (OfficeClient client = office.connect()) {
      JsonNode about =
          client.post(
              "/meters/" + encode(meter) + "/release",
              Map.of("reason", reason, "from", from, "to", to));
      out().println(meter + " is released, case " + about.path("id").asLong());
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "accept",
      description = "Accepts a waiting meter whose keys were imported before.")
  int accept(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "SYSTEM-TITLE", description = "16 hex digits.") String title) {
    try (OfficeClient client = office.connect()) {
      client.post(
          "/waiting/" + encode(title) + "/accept",
          "application/json",
          "{}".getBytes(StandardCharsets.UTF_8));
      out().println(title + " accepted");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private int print(JsonNode answer) {
    out().println(answer);
    out().flush();
    return Gridwarden.OK;
  }

  private void table(JsonNode rows, String... fields) {
    List<List<String>> cells = new ArrayList<>();
    for (JsonNode row : rows) {
      List<String> line = new ArrayList<>();
      for (String field : fields) {
        line.add(text(row.path(field)));
      }
      cells.add(line);
    }
    Table.print(out(), List.of(fields), cells);
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? "-"
        : value.isString() ? value.asString() : value.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
