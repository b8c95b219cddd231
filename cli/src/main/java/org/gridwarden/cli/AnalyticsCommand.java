package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Figures of groups of households, through the running server. */
@Command(
    name = "analytics",
    description = {
      "Shows figures of groups of households: what they take, when, and how it spreads.",
      "",
      "Whoever asks needs the role ANALYST, which sees no name and no meter. A group of fewer than"
          + " ten, one that a single household outweighs, and one from which such a group could be"
          + " reckoned, is hidden.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden analytics groups --month 2026-10 --by tariff --user anouk",
      "  ./gridwarden analytics profile --by area --csv --user anouk > profile.csv",
      "  ./gridwarden analytics distribution --by all --user anouk",
      "  ./gridwarden analytics replace-key --user sam",
    })
final class AnalyticsCommand implements Runnable {
  private static final List<String> GROUP =
      List.of("group", "households", "dailyKwh", "baseW", "peakW", "peakHour", "ownPeakW");
  private static final List<String> BIN = List.of("group", "fromKwh", "toKwh", "households");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  /** Which month's groups, and how they are shown. */
  static final class Question {
    @Option(
        names = "--month",
        paramLabel = "MONTH",
        description = "One that is over, such as 2026-10. Default: the last one.")
    private @Nullable String month;

    @Option(
        names = "--by",
        paramLabel = "DIMENSION",
        defaultValue = "tariff",
        description = "all, tariff, zone, feeder or area. Default: ${DEFAULT-VALUE}.")
    private String by = "tariff";

    @Option(names = "--json", description = "The server's answer as JSON.")
    private boolean json;

    @Option(names = "--csv", description = "As comma-separated values.")
    private boolean csv;
  }

  @Command(name = "groups", description = "Each group in a few figures.")
  int groups(@Mixin OfficeOptions office, @Mixin Question question) {
    return show(office, question, "groups", GROUP, AnalyticsCommand::group);
  }

  @Command(name = "profile", description = "Each group's mean day by the hour, by household, in W.")
  int profile(@Mixin OfficeOptions office, @Mixin Question question) {
    List<String> heading =
        Stream.concat(Stream.of("group", "day"), IntStream.range(0, 24).mapToObj("%02d"::formatted))
            .toList();
    return show(office, question, "profile", heading, AnalyticsCommand::curves);
  }

  @Command(
      name = "distribution",
      description = "How each group's households spread over what they take in a day.")
  int distribution(@Mixin OfficeOptions office, @Mixin Question question) {
    return show(office, question, "distribution", BIN, AnalyticsCommand::bins);
  }

  @Command(
      name = "replace-key",
      description =
          "Forgets the key of the pseudonyms for a new one; wants a security administrator.")
  int replaceKey(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      client.post("/analytics/key/replace", Map.of());
      out().println("pseudonyms: another key is in force, the old one is gone");
      return done();
    }
  }

  private interface Rows {
    List<List<String>> of(String name, JsonNode group, int width);
  }

  private int show(
      OfficeOptions office, Question question, String what, List<String> heading, Rows rows) {
    if (question.json && question.csv) {
      throw new Failure("--json and --csv: one of them", Gridwarden.WRONG_INPUT);
    }
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/analytics/"
                  + what
                  + "?dimension="
                  + JsonRows.encode(question.by)
                  + JsonRows.query("month", question.month));
      if (question.json) {
        out().println(answer);
        return done();
      }
      List<List<String>> all = new ArrayList<>();
      int hidden = 0;
      for (JsonNode group : answer.path("groups")) {
        if (group.path("hidden").asBoolean()) {
          hidden++;
        }
        all.addAll(rows.of(name(group, answer), group, heading.size()));
      }
      if (question.csv) {
        out().println(String.join(",", heading));
        all.forEach(row ->
            out().println(String.join(",", row.stream().map(AnalyticsCommand::cell).toList())));
        return done();
      }
      out().println(answer.path("month").asString() + " by " + answer.path("dimension").asString());
      Table.print(out(), heading, all);
      if (hidden > 0) {
        out()
            .println(
                hidden
                    + " hidden: fewer than "
                    + answer.path("leastGroup").asInt()
                    + " households, one outweighs the others, or such a group could be reckoned");
      } else if (all.isEmpty()) {
        out().println("no household is known for three quarters of that month");
      }
      return done();
    }
  }

  private static String name(JsonNode group, JsonNode answer) {
    String name = group.path("group").asString();
    return !name.isEmpty()
        ? name
        : answer.path("dimension").asString().equals("all") ? "all" : "unknown";
  }

  private static List<List<String>> group(String name, JsonNode group, int width) {
    if (group.path("hidden").asBoolean()) {
      return hidden(name, width);
    }
    List<String> row = new ArrayList<>(List.of(name));
    GROUP.stream().skip(1).map(field -> JsonRows.text(group.path(field))).forEach(row::add);
    return List.of(row);
  }

  private static List<List<String>> curves(String name, JsonNode group, int width) {
    if (group.path("hidden").asBoolean()) {
      return hidden(name, width);
    }
    List<List<String>> rows = new ArrayList<>();
    for (String day : List.of("workday", "weekend")) {
      List<String> row = new ArrayList<>(List.of(name, day));
      group.path(day).forEach(value -> row.add(value.asString()));
      rows.add(row);
    }
    return rows;
  }

  private static List<List<String>> bins(String name, JsonNode group, int width) {
    if (group.path("hidden").asBoolean()) {
      return hidden(name, width);
    }
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode bin : group.path("bins")) {
      List<String> row = new ArrayList<>(List.of(name));
      BIN.stream().skip(1).map(field -> JsonRows.text(bin.path(field))).forEach(row::add);
      rows.add(row);
    }
    return rows;
  }

  private static List<List<String>> hidden(String name, int width) {
    List<String> row = new ArrayList<>(List.of(name, "hidden"));
    while (row.size() < width) {
      row.add("-");
    }
    return List.of(row);
  }

  /** RFC 4180; what a spreadsheet would run as a formula is made text. */
  private static String cell(String text) {
    String safe = text.matches("[=+@\\t\\r].*|-[^0-9].*") ? "'" + text : text;
    return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  private int done() {
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
