package org.gridwarden.mdm.vee;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.RuleSet;
import org.gridwarden.mdm.validation.Timeline;

/**
 * A run's report as one HTML page that needs nothing else: what was found, what was filled and how,
 * and the curves of the meters with the most of it. Memory is bounded by so many meters.
 */
final class VeeReport {
  private static final int MOST_METERS = 40;
  private static final int MOST_FINDINGS = 12;

  private final RuleBook.ClassRules rules;
  private final PriorityQueue<Part> worst =
      new PriorityQueue<>(Comparator.comparingLong(Part::weight));
  private long order;

  /**
   * A meter's part of the page.
   *
   * @param weight how many slots are not simply good
   */
  private record Part(long weight, long order, String html) {}

  VeeReport(RuleBook.ClassRules rules) {
    this.rules = rules;
  }

  void add(MeterResult result, Curve done) {
    long weight = 0;
    for (int i = 0; i < done.values().length; i++) {
      weight += MeterResult.mark(done, i) == MeterResult.Mark.GOOD ? 0 : 1;
    }
    order++;
    if (weight == 0 || worst.size() == MOST_METERS && weight <= worst.element().weight()) {
      return;
    }
    worst.add(new Part(weight, order, part(result, done)));
    if (worst.size() > MOST_METERS) {
      worst.remove();
    }
  }

  String html(Path in, Summary summary) {
    StringBuilder page = new StringBuilder(1 << 16);
    page.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width, initial-scale=1'>")
        .append("<title>Validation and estimation</title><style>")
        .append(VeeReportStyle.CSS)
        .append("</style></head><body><main><h1>Validation and estimation</h1><p class='sub'>")
        .append(escaped(String.valueOf(in.getFileName())))
        .append("</p>");
    tiles(page, summary);
    found(page, summary);
    filled(page, summary);
    List<Part> parts = new ArrayList<>(worst);
    parts.sort(Comparator.comparingLong(Part::weight).reversed().thenComparingLong(Part::order));
    page.append("<h2>Meters</h2>");
    if (parts.isEmpty()) {
      page.append("<p>Nothing was found: every interval is good.</p>");
    } else {
      page.append("<p>")
          .append(
              parts.size() < MOST_METERS
                  ? "All meters of which something was found."
                  : "The " + MOST_METERS + " meters of which the most was found.")
          .append(
              "</p><p class='key'><span class='k m'></span>measured <span class='k e'></span>"
                  + "estimated <span class='k r'></span>came, and is not believed <span class='k"
                  + " s'></span>suspect: a person should look <span class='k x'></span>missing</p>");
      parts.forEach(part -> page.append(part.html()));
    }
    ruleTable(page);
    return page.append("</main></body></html>\n").toString();
  }

  private static void tiles(StringBuilder page, Summary summary) {
    page.append("<div class='tiles'>");
    tile(page, number(summary.meters()), "meters");
    tile(page, number(summary.intervals()), "intervals");
    for (MeterResult.Mark mark : MeterResult.Mark.values()) {
      double percent = 100.0 * summary.of(mark) / Math.max(1, summary.intervals());
      tile(
          page,
          number(summary.of(mark)),
          mark.word() + " · " + String.format(Locale.ROOT, "%.2f %%", percent));
    }
    page.append("</div>");
  }

  private static void tile(StringBuilder page, String figure, String words) {
    page.append("<div><b>").append(figure).append("</b>").append(words).append("</div>");
  }

  private void found(StringBuilder page, Summary summary) {
    page.append("<h2>What was found</h2>");
    if (summary.findings().isEmpty()) {
      page.append("<p>No rule found anything.</p>");
      return;
    }
    page.append("<table><tr><th>Rule<th>Means<th>Then<th class='n'>Findings</tr>");
    for (Map.Entry<Rule, Long> one : summary.findings().entrySet()) {
      page.append("<tr><td>").append(one.getKey().id());
      page.append("<td>").append(one.getKey().words());
      page.append("<td>").append(then(rules.validation(), one.getKey()));
      page.append("<td class='n'>").append(number(one.getValue())).append("</tr>");
    }
    page.append("</table>");
  }

  private static void filled(StringBuilder page, Summary summary) {
    if (summary.methods().isEmpty()) {
      return;
    }
    page.append("<h2>What was filled</h2><table><tr><th>Method<th>How<th class='n'>Intervals</tr>");
    for (Map.Entry<String, Long> one : summary.methods().entrySet()) {
      String id = one.getKey();
      String how = Method.of(id.replaceAll("\\+.*", "")).map(Method::words).orElse("");
      page.append("<tr><td>").append(id).append("<td>").append(how);
      page.append("<td class='n'>").append(number(one.getValue())).append("</tr>");
    }
    page.append("</table>");
  }

  private void ruleTable(StringBuilder page) {
    page.append("<h2>The rules</h2><table><tr><th>Rule<th>Finds<th>Then<th>Thresholds</tr>");
    for (Rule rule : Rule.values()) {
      RuleSet.Setting setting = rules.validation().settings().get(rule);
      page.append("<tr><td>").append(rule.id()).append("<td>").append(rule.words());
      page.append("<td>").append(then(rules.validation(), rule)).append("<td>");
      if (setting != null) {
        List<String> figures = new ArrayList<>();
        rule.thresholds()
            .forEach(t ->
                figures.add(
                    t.name()
                        + " "
                        + FindingLines.figure(
                            setting.thresholds().getOrDefault(t.name(), Double.NaN))));
        page.append(String.join(", ", figures));
      }
      page.append("</tr>");
    }
    page.append("</table>");
  }

  private static String then(RuleSet rules, Rule rule) {
    return rules.then(rule).name().toLowerCase(Locale.ROOT);
  }

  private static String part(MeterResult result, Curve done) {
    int[] counts = new int[MeterResult.Mark.values().length];
    for (int i = 0; i < done.values().length; i++) {
      counts[MeterResult.mark(done, i).ordinal()]++;
    }
    StringBuilder html = new StringBuilder(16_384);
    html.append("<section><h3>").append(escaped(result.meter())).append("</h3><p>");
    List<String> words = new ArrayList<>();
    for (MeterResult.Mark mark : MeterResult.Mark.values()) {
      if (counts[mark.ordinal()] > 0) {
        words.add(number(counts[mark.ordinal()]) + " " + mark.word());
      }
    }
    html.append(String.join(", ", words)).append("</p>");
    for (PlotWindows.Window window : PlotWindows.of(done)) {
      html.append(CurvePlot.svg(result, done, window.from(), window.to()));
    }
    findings(html, result);
    return html.append("</section>").toString();
  }

  private static void findings(StringBuilder html, MeterResult result) {
    html.append(
        "<table><tr><th>From<th class='n'>Slots<th>Rule<th class='n'>Measured<th"
            + " class='n'>Permitted<th>Filled by</tr>");
    int shown = 0;
    for (Finding finding : result.findings()) {
      if (++shown > MOST_FINDINGS) {
        break;
      }
      String unit = " " + finding.rule().unit();
      String measured = FindingLines.figure(brief(finding.measured()));
      String method =
          result.estimates().stream()
              .filter(e -> e.from() <= finding.from() && finding.from() < e.to())
              .map(e -> e.methodId())
              .findFirst()
              .orElse("");
      html.append("<tr><td>").append(wallClock(result.raw().time(), finding.from()));
      html.append("<td class='n'>").append(finding.to() - finding.from());
      html.append("<td>").append(finding.rule().id());
      html.append("<td class='n'>").append(measured.isEmpty() ? "" : measured + unit);
      html.append("<td class='n'>")
          .append(FindingLines.figure(brief(finding.permitted())))
          .append(unit);
      html.append("<td>").append(method).append("</tr>");
    }
    html.append("</table>");
    int more = result.findings().size() - MOST_FINDINGS;
    if (more > 0) {
      html.append("<p class='sub'>and ").append(number(more)).append(" more</p>");
    }
  }

  /** As the clock on the wall shows it; the hour that comes twice is not told apart. */
  private static String wallClock(Timeline time, int slot) {
    int minutes = time.timeOfDay(slot) * time.stepSeconds() / 60;
    return time.dateOf(time.dayOf(slot))
        + String.format(Locale.ROOT, " %02d:%02d", minutes / 60, minutes % 60);
  }

  /** Large figures without decimals. */
  private static double brief(double figure) {
    return Math.abs(figure) >= 100 && !Double.isInfinite(figure) ? Math.rint(figure) : figure;
  }

  private static String number(long figure) {
    return String.format(Locale.ROOT, "%,d", figure).replace(',', '\u202F');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
