package org.gridwarden.bench.zigbee;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridwarden.simulator.zigbee.net.Capacity;

/** Draws what part of the reports arrives against how many meters there are. Pure functions. */
final class CapacityPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 430;
  private static final int LEFT = 60;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = 500;
  private static final int PLOT_HEIGHT = 320;
  private static final String[] COLOURS = {
    "#1b6ca8", "#d1495b", "#2e8b57", "#8d5a97", "#c77d0a", "#444444"
  };

  private CapacityPlot() {}

  /** A line of the plot. */
  private record Curve(int interval, double loss) {
    String name() {
      return "every " + interval + " s, " + Math.round(loss * 100) + " % lost";
    }
  }

  /** An SVG document. */
  static String svg(List<Capacity.Point> points) {
    int most = points.stream().mapToInt(Capacity.Point::meters).max().orElse(1);
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            HEIGHT));
    text(
        out,
        LEFT,
        22,
        "start",
        "Reports acknowledged end to end, by meters in one network (a model)");
    for (int percent = 0; percent <= 100; percent += 25) {
      double y = y(percent / 100.0);
      line(out, LEFT, y, LEFT + PLOT_WIDTH, y, "#dddddd");
      text(out, LEFT - 6, y + 4, "end", percent + " %");
    }
    for (int tick = 0; tick <= most; tick += Math.max(1, most / 5)) {
      text(out, x(tick, most), TOP + PLOT_HEIGHT + 18, "middle", String.valueOf(tick));
    }
    text(out, LEFT + PLOT_WIDTH / 2.0, TOP + PLOT_HEIGHT + 40, "middle", "meters");
    List<Curve> curves =
        new ArrayList<>(
            points.stream().map(p -> new Curve(p.intervalSeconds(), p.loss())).distinct().toList());
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      String colour = COLOURS[i % COLOURS.length];
      StringBuilder path = new StringBuilder();
      for (Capacity.Point p : points) {
        if (new Curve(p.intervalSeconds(), p.loss()).equals(curve)) {
          path.append(path.isEmpty() ? "M" : " L")
              .append(
                  String.format(Locale.ROOT, "%.1f,%.1f", x(p.meters(), most), y(p.delivered())));
        }
      }
      out.append(
          String.format(
              "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour));
      double at = TOP + 12 + i * 18;
      line(out, LEFT + PLOT_WIDTH + 12, at - 4, LEFT + PLOT_WIDTH + 32, at - 4, colour);
      text(out, LEFT + PLOT_WIDTH + 38, at, "start", curve.name());
    }
    return out.append("</svg>\n").toString();
  }

  private static double x(int meters, int most) {
    return LEFT + (double) PLOT_WIDTH * meters / most;
  }

  private static double y(double part) {
    return TOP + PLOT_HEIGHT * (1 - part);
  }

  private static void line(
      StringBuilder out, double fromX, double fromY, double toX, double toY, String colour) {
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
            fromX,
            fromY,
            toX,
            toY,
            colour));
  }

  private static void text(StringBuilder out, double x, double y, String anchor, String words) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            words));
  }
}
