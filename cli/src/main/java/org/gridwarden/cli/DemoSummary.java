package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.gridwarden.simulator.StreetStats;

/**
 * What a demo came to.
 *
 * @param meters how many
 * @param seconds how long they pushed
 * @param stats what the street counted
 * @param firstReading seconds from the process's start to the first confirmation; -1 without one
 * @param parts the same by channel
 */
record DemoSummary(
    int meters, double seconds, StreetStats stats, double firstReading, List<Part> parts) {
  /** The meters of one channel. */
  record Part(String channel, int meters, StreetStats stats) {}

  void printTable(PrintWriter out, Verdict verdict) {
    if (parts.size() > 1) {
      Table.print(
          out,
          List.of("channel", "meters", "sent", "confirmed", "again", "readings", "median", "95 %"),
          parts.stream().map(DemoSummary::row).toList());
      out.println();
    }
    Table.print(
        out,
        List.of("", "value"),
        List.of(
            List.of("meters", String.valueOf(meters)),
            List.of("seconds", number("%.1f", seconds)),
            List.of("pushes sent", String.valueOf(stats.sent())),
            List.of("pushes confirmed", String.valueOf(stats.confirmed())),
            List.of("pushes sent again", String.valueOf(stats.retried())),
            List.of("first reading stored after", number("%.1f s", firstReading)),
            List.of("readings stored a second", number("%.0f", perSecond())),
            List.of("confirmation, median", number("%.1f ms", stats.p50Millis())),
            List.of("confirmation, 95 %", number("%.1f ms", stats.p95Millis())),
            List.of("readings acknowledged", String.valueOf(verdict.acknowledged())),
            List.of("  missing in the database", String.valueOf(verdict.missing())),
            List.of("  doubled in the database", String.valueOf(verdict.doubled())),
            List.of("verdict", ok(verdict) ? "all there, once" : "NOT all there, once")));
    out.flush();
  }

  void printJson(PrintWriter out, Verdict verdict) {
    out.printf(
        Locale.ROOT,
        "{\"meters\":%d,\"seconds\":%.1f,\"sent\":%d,\"confirmed\":%d,\"resent\":%d,"
            + "\"acknowledged_readings\":%d,\"missing\":%d,\"doubled\":%d,"
            + "\"first_reading_seconds\":%.2f,\"stored_per_second\":%.0f,"
            + "\"p50_ms\":%.2f,\"p95_ms\":%.2f,\"p99_ms\":%.2f,\"ok\":%b,\"channels\":[%s]}%n",
        meters,
        seconds,
        stats.sent(),
        stats.confirmed(),
        stats.retried(),
        verdict.acknowledged(),
        verdict.missing(),
        verdict.doubled(),
        firstReading,
        perSecond(),
        stats.p50Millis(),
        stats.p95Millis(),
        stats.p99Millis(),
        ok(verdict),
        parts.stream().map(DemoSummary::json).collect(Collectors.joining(",")));
    out.flush();
  }

  private static List<String> row(Part part) {
    return List.of(
        part.channel,
        String.valueOf(part.meters),
        String.valueOf(part.stats.sent()),
        String.valueOf(part.stats.confirmed()),
        String.valueOf(part.stats.retried()),
        String.valueOf(part.stats.readings()),
        number("%.1f ms", part.stats.p50Millis()),
        number("%.1f ms", part.stats.p95Millis()));
  }

  private static String json(Part part) {
    return String.format(
        Locale.ROOT,
        "{\"channel\":\"%s\",\"meters\":%d,\"sent\":%d,\"confirmed\":%d,\"resent\":%d,"
            + "\"readings\":%d,\"p50_ms\":%.2f,\"p95_ms\":%.2f}",
        part.channel,
        part.meters,
        part.stats.sent(),
        part.stats.confirmed(),
        part.stats.retried(),
        part.stats.readings(),
        part.stats.p50Millis(),
        part.stats.p95Millis());
  }

  private boolean ok(Verdict verdict) {
    return verdict.good() && stats.confirmed() > 0;
  }

  private double perSecond() {
    return stats.readings() / Math.max(seconds, 0.001);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
