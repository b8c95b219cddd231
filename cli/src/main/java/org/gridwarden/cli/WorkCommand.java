package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Work in the field. */
@Command(
    name = "work",
    description = {
      "Lists, shows, orders, assigns and closes work in the field, through the running server.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden work list",
      "  ./gridwarden work add --kind visit --title 'The display is dark' --meter GW-0000001",
      "  ./gridwarden work assign 12 ines",
      "  ./gridwarden work close 12 --note 'The seal was whole.' --photo seal.jpg --reading"
          + " 1.0.1.8.0.255=12345.6",
    })
final class WorkCommand implements Runnable {
  private static final long MOST_BYTES = 8 << 20;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Work, the most urgent first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(
              names = "--state",
              description =
                  "open, assigned, done or cancelled, several with commas. Default: open,assigned.")
          @Nullable String state,
      @Option(names = "--assignee", description = "Of one person.") @Nullable String assignee,
      @Option(names = "--meter", description = "At one meter.") @Nullable String meter,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "50", description = "Orders a page, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/work?page="
                  + page
                  + "&size="
                  + size
                  + JsonRows.query("state", state)
                  + JsonRows.query("assignee", assignee)
                  + JsonRows.query("meter", meter));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(),
            answer.path("items"),
            List.of("id", "kind", "severity", "state", "meter", "servicePoint", "assignee", "due"));
        out().println(answer.path("total").asLong() + " orders");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "show", description = "A work order: its story and its evidence.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The order's number.") long id,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      return told(client.get("/work/" + id), json);
    }
  }

  @Command(name = "add", description = "Orders work at a meter or a service point.")
  int add(
      @Mixin OfficeOptions office,
      @Option(names = "--kind", required = true, description = "inspect, visit, exchange, ...")
          String kind,
      @Option(names = "--title", required = true, description = "What is to be done, in a line.")
          String title,
      @Option(names = "--meter", description = "At which meter.") @Nullable String meter,
      @Option(names = "--point", description = "Or at which service point.") @Nullable String point,
      @Option(names = "--severity", description = "info, attention, fault or critical.")
          @Nullable String severity,
      @Option(names = "--due", paramLabel = "INSTANT", description = "Until when.")
          @Nullable String due,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "kind", kind);
    put(body, "title", title);
    put(body, "meter", meter);
    put(body, "servicePoint", point);
    put(body, "severity", severity);
    put(body, "due", due);
    try (OfficeClient client = office.connect()) {
      return told(client.post("/work", body), json);
    }
  }

  @Command(name = "assign", description = "Names who does it.")
  int assign(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The order's number.") long id,
      @Parameters(
              paramLabel = "NAME",
              arity = "0..1",
              description = "The user; without: nobody any more.")
          @Nullable String name,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      return told(
          client.post("/work/" + id + "/assign", Map.of("assignee", name == null ? "" : name)),
          json);
    }
  }

  @Command(name = "close", description = "Closes it, with what shows that it was done.")
  int close(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The order's number.") long id,
      @Option(names = "--note", required = true, description = "What was done and found.")
          String note,
      @Option(names = "--cancelled", description = "It is not to be done any more.")
          boolean cancelled,
      @Option(
              names = "--photo",
              paramLabel = "FILE",
              description =
                  "A JPEG, PNG or WebP picture or a PDF of at most 8 MiB; may be repeated.")
          @Nullable List<Path> photos,
      @Option(
              names = "--reading",
              paramLabel = "OBIS=VALUE",
              description = "What the meter showed, in kWh; may be repeated.")
          @Nullable List<String> readings,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    List<Map<String, String>> read = new ArrayList<>();
    for (String reading : readings == null ? List.<String>of() : readings) {
      int at = reading.indexOf('=');
      if (at < 1) {
        throw new Failure(
            "--reading is OBIS=VALUE, such as 1.0.1.8.0.255=12345.6", Gridwarden.WRONG_INPUT);
      }
      read.add(
          Map.of("channel", reading.substring(0, at), "value", reading.substring(at + 1).strip()));
    }
    List<byte[]> files = new ArrayList<>();
    for (Path photo : photos == null ? List.<Path>of() : photos) {
      files.add(content(photo));
    }
    try (OfficeClient client = office.connect()) {
      for (int i = 0; i < files.size(); i++) {
        String name = String.valueOf(Objects.requireNonNull(photos).get(i).getFileName());
        client.post(
            "/work/" + id + "/evidence?name=" + JsonRows.encode(name),
            "application/octet-stream",
            files.get(i));
      }
      return told(
          client.post(
              "/work/" + id + "/close",
              Map.of("as", cancelled ? "cancelled" : "done", "note", note, "readings", read)),
          json);
    }
  }

  private static byte[] content(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new Failure(
            file + " has more than " + MOST_BYTES + " bytes: take a smaller picture",
            Gridwarden.WRONG_INPUT);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private int told(JsonNode whole, boolean json) {
    if (json) {
      out().println(whole);
    } else {
      JsonNode about = whole.path("about");
      out()
          .println(
              "order "
                  + about.path("id").asLong()
                  + ", "
                  + about.path("kind").asString()
                  + ", "
                  + about.path("state").asString()
                  + ": "
                  + about.path("title").asString());
      out()
          .println(
              "at "
                  + JsonRows.text(about.path("meter"))
                  + ", "
                  + JsonRows.text(about.path("servicePoint"))
                  + "; due "
                  + JsonRows.text(about.path("due")));
      for (JsonNode need : whole.path("needs")) {
        out().println("done only with " + need.asString());
      }
      out().println();
      JsonRows.print(out(), whole.path("steps"), List.of("at", "what", "actor", "note"));
      if (!whole.path("files").isEmpty()) {
        out().println();
        JsonRows.print(
            out(), whole.path("files"), List.of("id", "name", "type", "size", "sha256", "by"));
      }
      if (!whole.path("readings").isEmpty()) {
        out().println();
        JsonRows.print(
            out(), whole.path("readings"), List.of("meter", "channel", "value", "unit", "at"));
      }
    }
    out().flush();
    return Gridwarden.OK;
  }

  private static void put(Map<String, Object> body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
