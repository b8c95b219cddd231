package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.gridwarden.exchange.greenbutton.FeedCheck;
import org.gridwarden.exchange.greenbutton.FeedReport;
import org.gridwarden.exchange.greenbutton.Finding;
import org.gridwarden.exchange.xml.XmlLimits;
import tools.jackson.databind.json.JsonMapper;

/** What {@code green-button check} does. */
final class GreenButtonCheckRun {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintWriter out;

  GreenButtonCheckRun(PrintWriter out) {
    this.out = out;
  }

  int run(Path file, boolean json) {
    FeedReport report;
    try {
      if (Files.isDirectory(file)) {
        throw new Failure(file + " is a folder, not a file", Gridwarden.WRONG_INPUT);
      }
      report = FeedCheck.check(file, XmlLimits.of(Math.max(1, Files.size(file))));
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
    if (json) {
      out.println(JsonMapper.shared().writeValueAsString(object(file, report)));
    } else {
      print(file, report);
    }
    out.flush();
    return report.errors() == 0 ? Gridwarden.OK : Gridwarden.WRONG_INPUT;
  }

  private void print(Path file, FeedReport report) {
    out.printf(
        "%s: %d entries: %s%n",
        file,
        report.entries(),
        report.resources().entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", ")));
    if (!report.local().isEmpty()) {
      out.println("Local time: " + report.local());
    }
    if (!report.series().isEmpty()) {
      out.println();
      Table.print(
          out,
          List.of(
              "usage point",
              "series",
              "flow",
              "interval",
              "from",
              "to",
              "readings",
              "missing",
              "sum"),
          report.series().stream().map(GreenButtonCheckRun::row).toList());
    }
    out.println();
    for (Finding finding : report.findings()) {
      out.printf(
          "%s%s: %s: %s; %s%n",
          finding.line() > 0 ? "line " + finding.line() + ": " : "",
          finding.severity().name().toLowerCase(Locale.ROOT),
          finding.where(),
          finding.what().replaceAll("[.;]\\s*$", ""),
          finding.remedy());
    }
    if (report.untold() > 0) {
      out.println("… and " + report.untold() + " more: mend these first");
    }
    long warnings = report.findings().size() - report.errors();
    out.println(
        report.findings().isEmpty()
            ? "Valid by ESPI 4.0; nothing is wrong."
            : count(report.errors(), "error") + ", " + count(warnings, "warning"));
  }

  private static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static List<String> row(FeedReport.Series series) {
    boolean empty = series.readings() == 0;
    return List.of(
        cut(series.usagePoint()),
        cut(series.title()),
        series.flow().isEmpty() ? "-" : series.flow(),
        series.seconds() == 0
            ? "-"
            : series.seconds() % 60 == 0 ? series.seconds() / 60 + " min" : series.seconds() + " s",
        empty ? "-" : MINUTE.format(series.from()),
        empty ? "-" : MINUTE.format(series.to()),
        Long.toString(series.readings()),
        Long.toString(series.missing()),
        series.sum().toPlainString() + " " + series.unit());
  }

  private static String cut(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > 40 ? plain.substring(0, 39) + "…" : plain;
  }

  private static Map<String, Object> object(Path file, FeedReport report) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", file.toString());
    all.put("valid", report.errors() == 0);
    all.put("entries", report.entries());
    all.put("resources", report.resources());
    all.put("local", report.local());
    List<Map<String, Object>> series = new ArrayList<>();
    for (FeedReport.Series one : report.series()) {
      Map<String, Object> its = new LinkedHashMap<>();
      its.put("usagePoint", one.usagePoint());
      its.put("title", one.title());
      its.put("flow", one.flow());
      its.put("unit", one.unit());
      its.put("intervalSeconds", one.seconds());
      its.put("from", time(one, one.from()));
      its.put("to", time(one, one.to()));
      its.put("readings", one.readings());
      its.put("missing", one.missing());
      its.put("sum", one.sum().toPlainString());
      series.add(its);
    }
    all.put("series", series);
    List<Map<String, Object>> findings = new ArrayList<>();
    for (Finding finding : report.findings()) {
      Map<String, Object> its = new LinkedHashMap<>();
      its.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
      its.put("line", finding.line());
      its.put("where", finding.where());
      its.put("what", finding.what());
      its.put("remedy", finding.remedy());
      findings.add(its);
    }
    all.put("findings", findings);
    all.put("untold", report.untold());
    return all;
  }

  private static String time(FeedReport.Series series, Instant at) {
    return series.readings() == 0 ? "" : at.toString();
  }
}
