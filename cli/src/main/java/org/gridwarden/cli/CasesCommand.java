package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What is looked into at meters. */
@Command(
    name = "cases",
    description = "Lists, shows, notes upon and closes cases, through the running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden cases list --state open",
      "  ./gridwarden cases show 3",
      "  ./gridwarden cases close 3 --verdict false-alarm --note 'The fitter forgot to call.'",
      "Closing releases nothing: another person does, with ./gridwarden meters release.",
    })
final class CasesCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Cases, open ones first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--state", paramLabel = "STATE", description = "open or closed.")
          @Nullable String state,
      @Option(names = "--meter", paramLabel = "METER", description = "Of one meter.")
          @Nullable String meter,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "50", description = "Cases a page, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/cases?page="
                  + page
                  + "&size="
                  + size
                  + JsonRows.query("state", state)
                  + JsonRows.query("meter", meter));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(),
            answer.path("items"),
            List.of("id", "meter", "severity", "opened", "closed", "verdict", "closedBy"));
        out().println(answer.path("total").asLong() + " cases");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "show", description = "A case: its alarms, its story, what is held.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The case's number.") long id,
      @Option(names = "--json", description = "The server's answer as JSON, raw messages too.")
          boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode whole = client.get("/cases/" + id);
      if (json) {
        out().println(whole);
      } else {
        JsonNode about = whole.path("about");
        out()
            .println(
                "case "
                    + id
                    + " of meter "
                    + about.path("meter").asString()
                    + ", "
                    + (about.path("verdict").isNull()
                        ? "open"
                        : "closed as " + about.path("verdict").asString())
                    + "; the meter is "
                    + whole.path("holds").path("state").asString());
        out().println();
        JsonRows.print(
            out(),
            whole.path("alarms"),
            List.of("severity", "state", "word", "count", "first", "last", "sources"));
        out().println();
        JsonRows.print(out(), whole.path("story"), List.of("at", "what", "actor", "note"));
        out().println();
        out().println(whole.path("evidence").size() + " raw messages (--json shows them)");
        for (JsonNode span : whole.path("holds").path("held")) {
          out()
              .println(
                  "held from "
                      + span.path("from").asString()
                      + (span.path("to").isNull() ? " on" : " to " + span.path("to").asString()));
        }
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "note", description = "Adds words to a case's story, under your name.")
  int note(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The case's number.") long id,
      @Parameters(paramLabel = "WORDS", description = "What you found or did.") String words) {
    try (OfficeClient client = office.connect()) {
      client.post("/cases/" + id + "/note", Map.of("note", words));
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "close",
      description =
          "Closes a case with a verdict. Its meter stays in quarantine, and what is held stays held,"
              + " until another person releases it.")
  int close(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The case's number.") long id,
      @Option(
              names = "--verdict",
              required = true,
              paramLabel = "VERDICT",
              description = "theft, fault, false-alarm or maintenance.")
          String verdict,
      @Option(names = "--note", required = true, paramLabel = "WORDS", description = "Why.")
          String note) {
    try (OfficeClient client = office.connect()) {
      client.post("/cases/" + id + "/close", Map.of("verdict", verdict, "note", note));
      out().println("case " + id + " is closed");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
