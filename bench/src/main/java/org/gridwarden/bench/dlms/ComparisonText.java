package org.gridwarden.bench.dlms;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import org.gridwarden.bench.dlms.Comparison.Row;
import org.gridwarden.bench.dlms.Pairs.Pair;

/** A comparison's figures, for a program and for a person. */
final class ComparisonText {
  private ComparisonText() {}

  static String json(List<Row> rows, long millis, int rounds) {
    StringBuilder out =
        new StringBuilder("{\"bench\":\"dlms\",\"processors\":")
            .append(Runtime.getRuntime().availableProcessors())
            .append(",\"seconds\":")
            .append(number(millis / 1e3))
            .append(",\"rounds\":")
            .append(rounds)
            .append(",\"peers\":[\"")
            .append(Stack.GURUX.title())
            .append("\",\"")
            .append(Stack.JDLMS.title())
            .append("\"],\"rows\":[");
    String between = "";
    for (Row row : rows) {
      out.append(between)
          .append("{\"what\":\"")
          .append(row.load().what())
          .append("\",\"auth\":\"")
          .append(row.load().auth())
          .append("\",\"clients\":")
          .append(row.load().clients());
      for (Pair pair : row.runs().keySet()) {
        figures(out, pair, row);
      }
      out.append(",\"better_peer\":\"")
          .append(row.betterPeer().folder())
          .append("\",\"ratio\":")
          .append(number(row.ratio()))
          .append(",\"cpu_ratio\":")
          .append(number(row.cpuRatio()))
          .append(",\"alloc_ratio\":")
          .append(number(row.allocationRatio()))
          .append('}');
      between = ",";
    }
    return out.append("]}").toString();
  }

  private static void figures(StringBuilder out, Pair pair, Row row) {
    Figures f = row.of(pair);
    out.append(",\"")
        .append(pair.key())
        .append("\":{\"per_s\":")
        .append(number(f.perSecond()))
        .append(",\"runs_per_s\":[");
    String between = "";
    for (Figures run : row.runs().getOrDefault(pair, List.of())) {
      out.append(between).append(number(run.perSecond()));
      between = ",";
    }
    out.append("],\"client_cpu_us\":")
        .append(number(f.clientCpu()))
        .append(",\"meter_cpu_us\":")
        .append(number(f.meterCpu()))
        .append(",\"client_alloc_bytes\":")
        .append(number(f.clientAllocated()))
        .append(",\"meter_alloc_bytes\":")
        .append(number(f.meterAllocated()))
        .append('}');
  }

  static String number(double value) {
    if (Double.isNaN(value)) {
      return "null";
    }
    return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : "%.2f", value);
  }

  static String table(List<Row> rows) {
    Formatter out = new Formatter(new StringBuilder(), Locale.ROOT);
    out.format(
        "%-13s %3s %8s %8s %8s %6s | %7s %6s | %8s %6s | %8s %8s %8s %8s%n",
        "a second",
        "at",
        "ours",
        "Gurux",
        "jDLMS",
        "ratio",
        "us CPU",
        "ratio",
        "bytes",
        "ratio",
        "us>Gurux",
        "us>jDLMS",
        "Gurux>us",
        "jDLMS>us");
    for (Row row : rows) {
      List<Pair> own = Comparison.own();
      List<Pair> crossed = Comparison.crossed();
      out.format(
          "%-13s %3d %8.0f %8.0f %8.0f %6.2f | %7.1f %6.2f | %8.0f %6.2f"
              + " | %8.0f %8.0f %8.0f %8.0f%n",
          row.load().what() + " " + row.load().auth(),
          row.load().clients(),
          row.ours().perSecond(),
          row.of(own.get(1)).perSecond(),
          row.of(own.get(2)).perSecond(),
          row.ratio(),
          row.ours().cpu(),
          row.cpuRatio(),
          row.ours().allocated(),
          row.allocationRatio(),
          row.of(crossed.get(0)).perSecond(),
          row.of(crossed.get(1)).perSecond(),
          row.of(crossed.get(2)).perSecond(),
          row.of(crossed.get(3)).perSecond());
    }
    return out.format(
            """

            Ratios: our rate to the better peer's; then how many times less processor time and
            allocation for one, client and meter together, than the peer that takes less.
            us>Gurux: our client and Gurux's meter; and so on.
            """)
        .toString();
  }
}
