package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Erases what is personal, through the running server. */
@Command(
    name = "erasure",
    description = {
      "Erases what is personal: one security administrator asks, another one approves. It cannot be"
          + " brought back.",
      "The audit log stands: it holds commitments, whose clear text and salt go. Backups hold what"
          + " was erased until they age out.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden erasure user olga --reason 'left, and asked for it' --user sam",
      "  ./gridwarden erasure term GW-0000001 --since 2026-01-01T00:00:00Z --until"
          + " 2026-06-30T22:00:00Z --reason 'moved out' --user sam",
      "  ./gridwarden erasure list --user sally",
      "  ./gridwarden erasure approve 7 --user sally",
    })
final class ErasureCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "user",
      description = "Asks for a user who was removed: a number then stands where the name stood.")
  int user(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The user's name.") String name,
      @Option(names = "--reason", required = true, description = "Why, and at whose wish.")
          String reason,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return send(office, "/erasures/user", Map.of("name", name, "reason", reason), json);
  }

  @Command(
      name = "account",
      description =
          "Who held an account that is supplied no more. Its number stays with its agreements and"
              + " bills.")
  int account(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Option(names = "--reason", required = true, description = "Why, and at whose wish.")
          String reason,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return send(office, "/erasures/account", Map.of("account", id, "reason", reason), json);
  }

  @Command(
      name = "term",
      description =
          "Asks for a consumer's time at a meter: readings, events, raw messages, protection, what people"
              + " wrote. The meter and its keys stay.")
  int term(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(
              names = "--since",
              required = true,
              paramLabel = "INSTANT",
              description = "The first instant, such as 2026-01-01T00:00:00Z.")
          String since,
      @Option(
              names = "--until",
              paramLabel = "INSTANT",
              description = "The instant after the last; now where it is not given.")
          @Nullable String until,
      @Option(names = "--reason", required = true, description = "Why, and at whose wish.")
          String reason,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("meter", meter);
    asked.put("since", since);
    if (until != null) {
      asked.put("until", until);
    }
    asked.put("reason", reason);
    return send(office, "/erasures/term", asked, json);
  }

  @Command(name = "list", description = "Requests, those that wait first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/erasures");
      if (json) {
        out.println(answer);
      } else {
        JsonRows.print(
            out,
            answer.path("items"),
            List.of("id", "state", "kind", "whom", "reason", "askedBy", "asked", "decidedBy"));
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "approve",
      description = "Approves what another person asked for: it is done at once, and for good.")
  int approve(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The request's number.") long id,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.post("/erasures/" + id + "/approve", Map.of());
      if (json) {
        out.println(answer);
      } else {
        out.println("erasure " + answer.path("id").asLong() + " is done");
        answer
            .path("rows")
            .properties()
            .forEach(
                row -> out.println("  " + row.getKey() + ": " + row.getValue().asLong() + " rows"));
        long legacy = answer.path("legacy").asLong();
        if (legacy > 0) {
          out.println(
              legacy
                  + " entries of the audit log were written before it held commitments; they keep"
                  + " it");
        }
        out.println("Backups of before hold it still: prune them when their time has come.");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "refuse", description = "Refuses a request, or takes one's own back.")
  int refuse(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The request's number.") long id) {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      var _ = client.post("/erasures/" + id + "/refuse", Map.of());
      out.println("request " + id + " is refused; nothing is erased");
      out.flush();
      return Gridwarden.OK;
    }
  }

  private int send(OfficeOptions office, String path, Map<String, ?> asked, boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.post(path, asked);
      if (json) {
        out.println(answer);
      } else {
        long id = answer.path("id").asLong();
        out.println(
            "request "
                + id
                + ": another security administrator approves it, by 'erasure approve "
                + id
                + "'");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }
}
