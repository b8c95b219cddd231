package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.gridwarden.simulator.StreetStats;

/**
 * What a demo came to.
 *
 * @param meters how many
 * @param seconds how long they pushed
 * @param stats what the street counted
 * @param firstReading seconds from the process's start to the first confirmation; -1 without one
 */
record DemoSummary(int meters, double seconds, StreetStats stats, double firstReading) {
  void printTable(PrintWriter out, Verdict verdict) {
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
            + "\"p50_ms\":%.2f,\"p95_ms\":%.2f,\"p99_ms\":%.2f,\"ok\":%b}%n",
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
        ok(verdict));
    out.flush();
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
