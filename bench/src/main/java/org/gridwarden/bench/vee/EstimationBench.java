package org.gridwarden.bench.vee;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gridwarden.mdm.estimation.BlendShape;
import org.gridwarden.mdm.estimation.EstimationRules;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.vee.RuleBook;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What {@code bench estimation} does. */
final class EstimationBench {
  private final PrintWriter out;
  private final PrintWriter err;
  private final long seed;

  EstimationBench(PrintWriter out, PrintWriter err, long seed) {
    this.out = out;
    this.err = err;
    this.seed = seed;
  }

  /**
   * A set of gaps that is measured.
   *
   * @param name of the households, and whether around clock changes
   * @param curves the households; none that the defaults were fitted to
   */
  private record Part(String name, List<Curve> curves, boolean clockChanges, int perCurve) {}

  int run(@Nullable Path halfHours, boolean json) throws IOException {
    RuleBook book = RuleBook.shipped();
    EstimationStudy study = new EstimationStudy(book.of(RuleBook.USUAL).estimation());
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("swiss", RealCurves.swiss().half(1), false, 20));
    if (halfHours != null) {
      RealCurves sgsc = RealCurves.halfHours(halfHours);
      parts.add(new Part("sgsc", sgsc.half(1), false, 400));
      parts.add(new Part("sgsc-clock-change", sgsc.half(1), true, 100));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    boolean best = true;
    for (Part part : parts) {
      for (double hours : GapSchedule.HOURS) {
        err.println("estimation: " + part.name() + ", gaps of " + words(hours));
        err.flush();
        int perCurve = Math.max(3, (int) (part.perCurve() / Math.max(1, hours / 4)));
        GapSchedule schedule = new GapSchedule(seed, perCurve);
        List<GapSchedule.Gap> gaps =
            part.clockChanges()
                ? schedule.aroundClockChanges(part.curves(), hours)
                : schedule.gaps(part.curves(), hours);
        List<EstimationStudy.Score> scores = study.all(gaps);
        double ours = scores.getFirst().maeKw();
        for (EstimationStudy.Score score : scores) {
          best &= ours <= score.maeKw();
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("data", part.name());
          row.put("gap", words(hours));
          row.put("method", score.method());
          row.put("gaps", score.gaps());
          row.put("mae_kw", rounded(score.maeKw()));
          row.put("bias_percent", rounded(score.biasPercent()));
          rows.add(row);
        }
      }
    }
    if (json) {
      out.println(
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of("bench", "estimation", "seed", seed, "default_best", best, "rows", rows)));
    } else {
      table(rows);
    }
    out.flush();
    return 0;
  }

  /** Fits the blend on the even halves and prints what belongs into the rule file. */
  int fit(@Nullable Path halfHours) throws IOException {
    EstimationRules base = RuleBook.shipped().of(RuleBook.USUAL).estimation();
    List<List<Curve>> halves = new ArrayList<>();
    halves.add(RealCurves.swiss().half(0));
    halves.add(halves.getFirst().stream().map(RealCurves::inHalfHours).toList());
    if (halfHours != null) {
      halves.add(RealCurves.halfHours(halfHours).half(0));
    }
    BlendShape shape = new BlendShape(0.8, 1, 0, 15, 0.6, 30, 0.2, 0);
    for (double hours : GapSchedule.HOURS) {
      List<List<GapSchedule.Gap>> sets = new ArrayList<>();
      for (List<Curve> half : halves) {
        sets.add(some(half, hours));
      }
      shape = new BlendFit(base, sets, shape).fit(3, hours >= 12);
      out.printf(
          Locale.ROOT,
          "        - up-to-hours: %s%n          methods: [blend, linear, final]%n          blend:"
              + " {edge: %s, memory-hours: %s, level: %s, recency-days: %s, unlike: %s,"
              + " spread-minutes: %s, median: %s}%n",
          hours == 0 ? 0.5 : hours,
          shape.edge(),
          shape.memoryHours(),
          shape.level(),
          shape.recencyDays(),
          shape.unlike(),
          shape.spreadMinutes(),
          shape.median());
      out.flush();
    }
    return 0;
  }

  /** As many gaps as a fit has patience for. */
  private List<GapSchedule.Gap> some(List<Curve> half, double hours) {
    long slots = Math.max(1, Math.round(hours * 3600 / half.getFirst().time().stepSeconds()));
    int most = (int) Math.max(60, Math.min(1200, 16_000 / slots));
    int perCurve = Math.max(1, most / half.size());
    List<GapSchedule.Gap> gaps = new GapSchedule(seed + 77, perCurve).gaps(half, hours);
    return gaps.subList(0, Math.min(most, gaps.size()));
  }

  private void table(List<Map<String, Object>> rows) {
    String last = "";
    for (Map<String, Object> row : rows) {
      String head = row.get("data") + ", " + row.get("gap");
      if (!head.equals(last)) {
        out.printf("%n%s (%s gaps)%n", head, row.get("gaps"));
        last = head;
      }
      out.printf(
          "  %-14s MAE %8s kW   bias %8s %%%n",
          row.get("method"), row.get("mae_kw"), row.get("bias_percent"));
    }
  }

  private static double rounded(double figure) {
    return Math.round(figure * 10_000) / 10_000.0;
  }

  static String words(double hours) {
    if (hours == 0) {
      return "1 slot";
    }
    return hours < 24 ? Math.round(hours) + " h" : Math.round(hours / 24) + " d";
  }
}
