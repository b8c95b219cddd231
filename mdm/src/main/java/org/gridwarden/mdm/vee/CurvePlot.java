package org.gridwarden.mdm.vee;

import java.util.Locale;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/** Draws a stretch of a curve as SVG: as it came, and what stands in for it. */
final class CurvePlot {
  private static final int WIDTH = 920;
  private static final int HEIGHT = 190;
  private static final int LEFT = 46;
  private static final int TOP = 10;
  private static final int BOTTOM = 24;

  private final MeterResult result;
  private final Curve done;
  private final int from;
  private final int to;
  private final double top;
  private final StringBuilder svg = new StringBuilder(8192);

  private CurvePlot(MeterResult result, Curve done, int from, int to) {
    this.result = result;
    this.done = done;
    this.from = from;
    this.to = to;
    double most = 0.1;
    for (int i = from; i < to; i++) {
      if (!done.missing(i)) {
        most = Math.max(most, done.values()[i] * done.kilos());
      }
    }
    top = nice(most);
  }

  static String svg(MeterResult result, Curve done, int from, int to) {
    return new CurvePlot(result, done, from, to).draw();
  }

  private String draw() {
    Timeline time = done.time();
    svg.append("<svg viewBox='0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT)
        .append("' role='img' aria-label='average power of ")
        .append(time.dateOf(time.dayOf(from)))
        .append(" to ")
        .append(time.dateOf(time.dayOf(to - 1)))
        .append("'>");
    bands();
    axes();
    line(MeterResult.Mark.GOOD, "m");
    line(MeterResult.Mark.ESTIMATED, "e");
    dots();
    return svg.append("</svg>").toString();
  }

  private void axes() {
    for (int k = 0; k <= 2; k++) {
      double kw = top * k / 2;
      svg.append("<line class='g' x1='").append(LEFT).append("' x2='").append(WIDTH);
      svg.append("' y1='").append(n(y(kw))).append("' y2='").append(n(y(kw))).append("'/>");
      text(LEFT - 6, y(kw) + 4, "end", figure(kw) + (k == 2 ? " kW" : ""));
    }
    Timeline time = done.time();
    int first = time.dayOf(from);
    int last = time.dayOf(to - 1);
    int every = Math.max(1, (last - first + 1) / 8);
    for (int day = first; day <= last; day++) {
      int slot = time.firstSlot(day);
      if (slot >= from) {
        svg.append("<line class='g' x1='").append(n(x(slot))).append("' x2='").append(n(x(slot)));
        svg.append("' y1='").append(TOP).append("' y2='").append(HEIGHT - BOTTOM).append("'/>");
        if ((day - first) % every == 0 && x(slot) < WIDTH - 80) {
          String name = time.dateOf(day).getDayOfWeek().name().substring(0, 3);
          text(
              x(slot) + 4,
              HEIGHT - 8,
              "start",
              name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT) + " " + time.dateOf(day));
        }
      }
    }
  }

  private void bands() {
    int i = from;
    while (i < to) {
      MeterResult.Mark mark = MeterResult.mark(done, i);
      int end = i + 1;
      while (end < to && MeterResult.mark(done, end) == mark) {
        end++;
      }
      if (mark != MeterResult.Mark.GOOD) {
        svg.append("<rect class='b-").append(mark.word()).append("' x='").append(n(x(i)));
        svg.append("' y='").append(TOP).append("' width='");
        svg.append(n(Math.max(1.5, x(end) - x(i)))).append("' height='");
        svg.append(HEIGHT - BOTTOM - TOP).append("'/>");
      }
      i = end;
    }
  }

  /** A stepped line through the slots that were measured, or through those that were estimated. */
  private void line(MeterResult.Mark which, String style) {
    boolean estimated = which == MeterResult.Mark.ESTIMATED;
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = from; i < to; i++) {
      MeterResult.Mark mark = MeterResult.mark(done, i);
      boolean its =
          mark != MeterResult.Mark.MISSING && (mark == MeterResult.Mark.ESTIMATED) == estimated;
      if (its) {
        double y = y(done.values()[i] * done.kilos());
        path.append(drawing ? 'L' : 'M').append(n(x(i))).append(' ').append(n(y));
        path.append('H').append(n(x(i + 1)));
      }
      drawing = its;
    }
    if (!path.isEmpty()) {
      svg.append("<path class='").append(style).append("' d='").append(path).append("'/>");
    }
  }

  /** Values that came and are not believed, where an estimate stands in for them. */
  private void dots() {
    Curve raw = result.raw();
    for (int i = from; i < to; i++) {
      if (!raw.missing(i) && MeterResult.mark(done, i) == MeterResult.Mark.ESTIMATED) {
        double kw = raw.values()[i] * raw.kilos();
        double y = Math.clamp(y(kw), TOP + 3.0, HEIGHT - BOTTOM - 0.0);
        svg.append("<circle class='r' r='3.5' cx='").append(n((x(i) + x(i + 1)) / 2));
        svg.append("' cy='").append(n(y)).append("'><title>came as ").append(figure(kw));
        svg.append(" kW</title></circle>");
      }
    }
  }

  private void text(double x, double y, String anchor, String words) {
    svg.append("<text x='").append(n(x)).append("' y='").append(n(y)).append("' text-anchor='");
    svg.append(anchor).append("'>").append(words).append("</text>");
  }

  private double x(int slot) {
    return LEFT + (WIDTH - LEFT) * (double) (slot - from) / (to - from);
  }

  private double y(double kw) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * kw / top;
  }

  private static double nice(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double step : new double[] {1, 2, 3, 4, 5, 6, 8, 10}) {
      if (most <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private static String figure(double kw) {
    return FindingLines.figure(Math.round(kw * 1000) / 1000.0);
  }

  private static String n(double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }
}
