package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Meters that nobody put up. */
@Command(
    name = "virtual",
    description =
        "Lists, makes, reads and ends virtual meters: sums, differences and losses of others, by"
            + " formulas that never change. One at a service point of its own is billed there.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden meters virtual make common --formula 'main - flat-1 - flat-2'"
          + " --zone Europe/Zurich --at SP-common",
      "  ./gridwarden meters virtual read common --from 2026-11-01 --to 2026-11-30",
      "  ./gridwarden meters virtual end common",
    })
final class MetersVirtualCommand implements Runnable {
  private static final List<String> COLUMNS =
      List.of("id", "formula", "zone", "servicePoint", "madeBy", "ended");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "All virtual meters.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/virtual-meters");
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), COLUMNS);
      }
      return done();
    }
  }

  @Command(name = "make", description = "Makes one.")
  int make(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "What it is called.") String id,
      @Option(
              names = "--formula",
              required = true,
              paramLabel = "FORMULA",
              description = "Of which meters it is made; signs stand apart from names.")
          String formula,
      @Option(
              names = "--zone",
              required = true,
              paramLabel = "ZONE",
              description = "By which its days count.")
          String zone,
      @Option(
              names = "--at",
              paramLabel = "POINT",
              defaultValue = "",
              description = "Where it is billed. Default: nowhere.")
          String point) {
    try (OfficeClient client = office.connect()) {
      JsonNode made =
          client.post(
              "/virtual-meters",
              Map.of("id", id, "formula", formula, "zone", zone, "servicePoint", point));
      out().println(made.path("id").asString() + " = " + made.path("formula").asString());
      return done();
    }
  }

  @Command(
      name = "read",
      description = "What it measured on civil days, as CSV: start,kwh; empty where unknown.")
  int read(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "Which one.") String id,
      @Option(names = "--from", required = true, paramLabel = "DATE", description = "First day.")
          LocalDate from,
      @Option(names = "--to", required = true, paramLabel = "DATE", description = "Last day.")
          LocalDate to,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/virtual-meters/"
                  + JsonRows.encode(id)
                  + "/readings?firstDay="
                  + from
                  + "&lastDay="
                  + to);
      if (json) {
        out().println(answer);
        return done();
      }
      out().println("start,kwh");
      Instant start = Instant.parse(answer.path("start").asString());
      for (JsonNode kwh : answer.path("kwh")) {
        out().println(start + "," + (kwh.isNull() ? "" : kwh.asString()));
        start = start.plusSeconds(answer.path("slotSeconds").asLong());
      }
      return done();
    }
  }

  @Command(name = "end", description = "Ends one: it stands nowhere any more, and can be read.")
  int end(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "Which one.") String id) {
    try (OfficeClient client = office.connect()) {
      JsonNode ended = client.post("/virtual-meters/" + JsonRows.encode(id) + "/end", Map.of());
      out().println(id + " ended " + ended.path("ended").asString());
      return done();
    }
  }

  private int done() {
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
