package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Takes a file of readings in. */
@Command(
    name = "import",
    description = {
      "Takes a file of readings in, all of it or nothing. A second time it changes nothing.",
      "",
      "Known by what they begin with: a Green Button feed (ESPI), a message with MeterReadings (IEC"
          + " 61968-9, XML or JSON), and CSV of these shapes, told by their headers:",
      "  meter,start,kwh (or kw): a line an interval, start with its offset",
      "  the same with other names (customer_id,reading_datetime,…_kwh), start by a clock",
      "  meter,date and 24, 48 or 96 values: a line a day",
      "  meter and 7 times as many: a line a week from --from on",
      "A meter is named by its id, its serial or its service point.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden import readings.csv --dry-run",
      "  ./gridwarden import feed.xml --meter 1KFM0200000001",
      "  ./gridwarden import week44.csv --from 2018-10-29 --unit kw --zone Europe/Zurich",
    },
    exitCodeList = {
      "0:All of it is stored, or would be.",
      "1:It failed; one line on standard error says why and what to do.",
      "2:A line or the command line was wrong; nothing was stored."
    })
final class ImportCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Only says what would become of it.")
  private boolean dryRun;

  @Option(
      names = "--meter",
      paramLabel = "METER",
      description = "Whose all of it is, where the file does not say so.")
  private @Nullable String meter;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "By which clock times without an offset are. Default: the meter's own.")
  private @Nullable String zone;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "The day that a line without a date begins with.")
  private @Nullable String from;

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description = "kwh or kw, where the header does not say it.")
  private @Nullable String unit;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "How long an interval is (PT15M), where a meter has one line only.")
  private @Nullable String interval;

  @Option(
      names = "--channel",
      paramLabel = "OBIS",
      description = "What a CSV measures. Default: energy delivered, 1.0.1.29.0.255.")
  private @Nullable String channel;

  @Option(names = "--json", description = "The server's answer as JSON.")
  private boolean json;

  /** Sends it, and prints what became of it. */
  @Override
  public Integer call() {
    StringBuilder query = new StringBuilder("/imports?file=");
    query.append(encode(String.valueOf(file.getFileName()))).append("&dryRun=").append(dryRun);
    add(query, "meter", meter);
    add(query, "zone", zone);
    add(query, "day", from);
    add(query, "unit", unit);
    add(query, "interval", interval);
    add(query, "channel", channel);
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (OfficeClient client = office.connect()) {
      long size = Files.size(file);
      JsonNode answer =
          client.postFile(
              query.toString(),
              "application/octet-stream",
              file,
              sent ->
                  progress.show(
                      sent < size
                          ? "sent %s of %s".formatted(megabytes(sent), megabytes(size))
                          : "sent; it is read and stored"));
      progress.end();
      return print(answer);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private int print(JsonNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    JsonNode problems = answer.path("problems");
    boolean failed = answer.path("run").path("state").asString("").equals("failed");
    if (json) {
      out.println(answer);
    } else if (!problems.isEmpty()) {
      for (JsonNode problem : problems) {
        err.println(file + ": " + problem.asString());
      }
      err.println("nothing was stored");
    } else {
      out.printf(
          "%s: %d intervals of %d meters, %s to %s%n",
          answer.path("form").asString(""),
          answer.path("intervals").asLong(),
          answer.path("meters").asLong(),
          answer.path("first").asString(""),
          answer.path("last").asString(""));
      for (JsonNode note : answer.path("notes")) {
        out.println("note: " + note.asString());
      }
      JsonNode run = answer.path("run");
      if (dryRun) {
        out.println("would be stored; nothing was");
      } else if (answer.path("again").asBoolean()) {
        out.printf(
            "was taken in before, as import %d of %s by %s; nothing changed%n",
            run.path("id").asLong(), run.path("at").asString(""), run.path("by").asString(""));
      } else if (failed) {
        err.printf(
            "import %d: %d of its messages were not stored: %s; import it again%n",
            run.path("id").asLong(), run.path("refused").asLong(), run.path("note").asString(""));
      } else {
        out.printf("stored, import %d%n", run.path("id").asLong());
      }
    }
    out.flush();
    err.flush();
    return !problems.isEmpty()
        ? Gridwarden.WRONG_INPUT
        : failed ? Gridwarden.FAILED : Gridwarden.OK;
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(encode(value));
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
