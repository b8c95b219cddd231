package org.gridwarden.bench.decode;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.gridwarden.dlms.DlmsException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code ./gridwarden bench decode}: how many ciphered pushes and values a core reads a second. */
public final class DecodeBench {
  private DecodeBench() {}

  /** One kind of push, measured on one thread. */
  private record Figures(
      String push, int values, int wire, double pushes, double error, double allocated) {
    double valuesPerSecond() {
      return pushes * values;
    }
  }

  /**
   * Measures for about 40 seconds and prints: a table, or one JSON object on a line.
   *
   * @return the exit code: 0, or 1 where it could not be measured
   */
  public static int run(boolean json) {
    return run(json, System.out, System.err);
  }

  static int run(boolean json, PrintStream out, PrintStream err) {
    try {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include("^" + DecodePushes.class.getName() + "\\.")
                      .forks(1)
                      .threads(1)
                      .warmupIterations(3)
                      .warmupTime(TimeValue.seconds(2))
                      .measurementIterations(5)
                      .measurementTime(TimeValue.seconds(1))
                      .addProfiler(GCProfiler.class)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run();
      List<Figures> figures = new ArrayList<>();
      for (RunResult result : results) {
        figures.add(figures(result));
      }
      print(json, figures, out);
      return 0;
    } catch (RunnerException | DlmsException e) {
      err.println("gridwarden: the decode benchmark did not run: " + e.getMessage());
      return 1;
    }
  }

  private static Figures figures(RunResult result) throws DlmsException {
    String push = result.getParams().getParam("push");
    var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new Figures(
        push,
        DecodePushes.values(push),
        DecodePushes.bytes(push),
        result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreError(),
        allocated == null ? Double.NaN : allocated.getScore());
  }

  private static void print(boolean json, List<Figures> figures, PrintStream out) {
    if (!json) {
      out.printf(
          Locale.ROOT,
          "%-8s %7s %6s %12s %14s %12s%n",
          "push",
          "values",
          "bytes",
          "pushes/s",
          "values/s",
          "alloc B/push");
      for (Figures f : figures) {
        out.printf(
            Locale.ROOT,
            "%-8s %7d %6d %12.0f %14.0f %12.0f%n",
            f.push(),
            f.values(),
            f.wire(),
            f.pushes(),
            f.valuesPerSecond(),
            f.allocated());
      }
      return;
    }
    StringBuilder line = new StringBuilder("{\"bench\":\"decode\",\"threads\":1,\"pushes\":[");
    for (Figures f : figures) {
      line.append(line.charAt(line.length() - 1) == '[' ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "{\"push\":\"%s\",\"values\":%d,\"bytes\":%d,\"pushes_per_s\":%.0f,"
                      + "\"error\":%.0f,\"values_per_s\":%.0f,\"alloc_bytes_per_push\":%.0f}",
                  f.push(),
                  f.values(),
                  f.wire(),
                  f.pushes(),
                  Double.isNaN(f.error()) ? 0 : f.error(),
                  f.valuesPerSecond(),
                  f.allocated()));
    }
    out.println(line.append("]}"));
  }
}
