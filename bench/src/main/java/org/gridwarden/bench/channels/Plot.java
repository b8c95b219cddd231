package org.gridwarden.bench.channels;

import java.util.List;
import java.util.Locale;

/** Plots as inline SVG: a row a variant, read from left to right. */
final class Plot {
  private static final int WIDTH = 860;
  private static final int NAMES = 130;
  private static final int VALUES = 190;
  private static final int ROW = 26;
  private static final int BAR = 16;
  private static final int FOOT = 30;
  private static final int TICKS = 5;

  /** Colours that people tell apart who see few of them (Okabe and Ito, 2008). */
  static final List<String> COLOURS =
      List.of("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#999999", "#D55E00");

  private Plot() {}

  /**
   * A row.
   *
   * @param parts bars that follow one another, or, in a plot of ranges, points from left to right
   * @param label what stands at its end
   */
  record Row(String name, List<Double> parts, String label) {}

  /** Bars, each in parts. */
  static String bars(String about, List<Row> rows) {
    double most = 0;
    for (Row row : rows) {
      most = Math.max(most, row.parts.stream().mapToDouble(Math::abs).sum());
    }
    double end = round(most);
    StringBuilder svg = open(about, rows.size(), end, false);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double at = 0;
      for (int part = 0; part < row.parts.size(); part++) {
        double value = Math.max(0, row.parts.get(part));
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s'><title>%.1f</title></rect>",
                x(at, end),
                y(i),
                Math.max(0, x(at + value, end) - x(at, end)),
                BAR,
                COLOURS.get(part % COLOURS.size()),
                value));
        at += value;
      }
      names(svg, row, i, x(at, end));
    }
    return svg.append("</svg>").toString();
  }

  /**
   * A scale by powers of ten.
   *
   * @param from its first power
   * @param to its last
   */
  record Scale(double from, double to) {
    /** One on which these values are. */
    static Scale of(List<Double> values) {
      double least = values.stream().mapToDouble(v -> v).min().orElse(1);
      double most = values.stream().mapToDouble(v -> v).max().orElse(1);
      double from = Math.floor(log(least));
      return new Scale(from, Math.max(from + 1, Math.ceil(log(most))));
    }
  }

  /** Points on a line from the first to the last. */
  static String ranges(String about, List<Row> rows, Scale scale) {
    double from = scale.from;
    double to = scale.to;
    StringBuilder svg = open(about, rows.size(), to - from, true);
    for (double power = from; power <= to; power++) {
      double x = x(power - from, to - from);
      svg.append(line(x, 4, x, rows.size() * ROW + 6, "grid"))
          .append(text(x, rows.size() * ROW + 22, "middle", number(Math.pow(10, power)), "tick"));
    }
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double middle = y(i) + BAR / 2.0;
      double last = NAMES;
      if (!row.parts.isEmpty()) {
        last = x(log(row.parts.getLast()) - from, to - from);
        svg.append(
            line(x(log(row.parts.getFirst()) - from, to - from), middle, last, middle, "range"));
      }
      for (int point = 0; point < row.parts.size(); point++) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx='%.1f' cy='%.1f' r='5' fill='%s'><title>%.2f</title></circle>",
                x(log(row.parts.get(point)) - from, to - from),
                middle,
                COLOURS.get(point % COLOURS.size()),
                row.parts.get(point)));
      }
      names(svg, row, i, last + 4);
    }
    return svg.append("</svg>").toString();
  }

  private static double log(double value) {
    return Math.log10(Math.max(value, 0.01));
  }

  private static StringBuilder open(String about, int rows, double end, boolean logarithmic) {
    int height = rows * ROW + FOOT;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>",
            WIDTH,
            height,
            escape(about)));
    if (!logarithmic) {
      for (int i = 0; i <= TICKS; i++) {
        double x = x(end * i / TICKS, end);
        svg.append(line(x, 4, x, rows * ROW + 6, "grid"))
            .append(text(x, rows * ROW + 22, "middle", number(end * i / TICKS), "tick"));
      }
    }
    return svg;
  }

  private static void names(StringBuilder svg, Row row, int i, double end) {
    svg.append(text(NAMES - 8, y(i) + BAR - 3, "end", row.name, "name"))
        .append(text(end + 6, y(i) + BAR - 3, "start", row.label, "value"));
  }

  private static String line(double x1, double y1, double x2, double y2, String kind) {
    return String.format(
        Locale.ROOT,
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s'/>",
        x1,
        y1,
        x2,
        y2,
        kind);
  }

  private static String text(double x, double y, String anchor, String text, String kind) {
    return String.format(
        Locale.ROOT,
        "<text x='%.1f' y='%.1f' text-anchor='%s' class='%s'>%s</text>",
        x,
        y,
        anchor,
        kind,
        escape(text));
  }

  private static double x(double value, double end) {
    return NAMES + value / end * (WIDTH - NAMES - VALUES);
  }

  private static int y(int row) {
    return 6 + row * ROW;
  }

  /** The next round number: 1, 2, or 5 with zeros. */
  static double round(double most) {
    if (most <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double step : new double[] {1, 2, 2.5, 5}) {
      if (most <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** A number as people read it: few digits. */
  static String number(double value) {
    double size = Math.abs(value);
    String form = size >= 100 || size == Math.rint(size) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
