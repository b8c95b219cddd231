package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Validation and estimation in the running server: a run now, and what waits for people. */
final class VeeServerCommand {
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Starts a run and follows it. */
  @Command(
      name = "run",
      description =
          "Validates and completes what the running server has stored, as it does each night, and"
              + " shows how far it is.")
  static final class Run implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin private OfficeOptions office = new OfficeOptions();

    @Option(names = "--meter", description = "Of one meter; without: of all in service.")
    private @Nullable String meter;

    @Option(
        names = "--days",
        defaultValue = "7",
        description = "So many days that are over (${DEFAULT-VALUE}).")
    private int days;

    @Option(names = "--json", description = "How it ended as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("days", days);
      if (meter != null) {
        body.put("meter", meter);
      }
      PrintWriter out = spec.commandLine().getOut();
      try (OfficeClient client = office.connect()) {
        JsonNode run = client.post("/validation/runs", body);
        String started = run.path("started").asString();
        while (run.path("ended").isNull()) {
          Thread.sleep(LOOK);
          run = client.get("/validation/runs").path("items").path(0);
          if (!run.path("started").asString().equals(started)) {
            throw new Failure("another run followed; see ./gridwarden vee exceptions");
          }
          spec.commandLine()
              .getErr()
              .println(run.path("done").asInt() + " of " + run.path("meters").asInt() + " meters");
        }
        if (json) {
          out.println(run);
        } else {
          out.println(
              run.path("findings").asInt()
                  + " findings, "
                  + run.path("versions").asInt()
                  + " slots estimated or given back, "
                  + run.path("opened").asInt()
                  + " new exceptions for people");
        }
        out.flush();
        if (run.path("failed").asInt() > 0) {
          throw new Failure(
              run.path("failed").asInt()
                  + " meters could not be looked at; the first was "
                  + run.path("firstFailure").asString());
        }
        return Gridwarden.OK;
      }
    }
  }

  /** What waits for people. */
  @Command(
      name = "exceptions",
      description = "What validation found in the running server and nobody has settled.")
  static final class Exceptions implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin private OfficeOptions office = new OfficeOptions();

    @Option(
        names = "--state",
        description = "open, accepted, edited or gone, several with commas. Default: open.")
    private @Nullable String state;

    @Option(names = "--rule", description = "Of one rule or several, with commas.")
    private @Nullable String rule;

    @Option(names = "--meter", description = "Of one meter.")
    private @Nullable String meter;

    @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
    private int page;

    @Option(names = "--size", defaultValue = "50", description = "Items a page, at most 1000.")
    private int size;

    @Option(names = "--json", description = "The server's answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try (OfficeClient client = office.connect()) {
        JsonNode answer =
            client.get(
                "/exceptions?page="
                    + page
                    + "&size="
                    + size
                    + JsonRows.query("state", state)
                    + JsonRows.query("rule", rule)
                    + JsonRows.query("meter", meter));
        if (json) {
          out.println(answer);
        } else {
          JsonRows.print(
              out,
              answer.path("items"),
              List.of("id", "day", "meter", "rule", "slots", "action", "method", "state", "found"));
          out.println(answer.path("total").asLong() + " exceptions");
        }
        out.flush();
        return Gridwarden.OK;
      }
    }
  }

  private VeeServerCommand() {}
}
