package org.gridwarden.bench.vee;

import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.gridwarden.core.Quality;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.History;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.mdm.vee.MeterResult;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.mdm.vee.Vee;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./gridwarden bench vee}: a night's validation and estimation on one core. Each meter's new
 * day is held against what is known of it; where it has gaps, its last four weeks come along and
 * fill them. What is measured is the engine, without reading and writing the store.
 */
@Command(
    name = "vee",
    description =
        "A night of validation and estimation with the default rules: intervals a second on one"
            + " core.")
public final class RateCommand implements Callable<Integer> {
  /** The published commercial figure: 10 M meters x 48 intervals in 36 minutes on 16 cores. */
  private static final double COMMERCIAL = 14_000;

  private static final LocalDate FIRST = LocalDate.of(2026, 11, 2);
  private static final int SLOTS = 96;
  private static final int HELD = 28;

  @Option(names = "--meters", defaultValue = "1000000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 1_000_000;

  @Option(
      names = "--gaps",
      paramLabel = "PERCENT",
      defaultValue = "2",
      description = "How many meters have a gap (${DEFAULT-VALUE}).")
  private double gaps = 2;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private long findings;
  private long estimated;

  @Override
  public Integer call() throws Exception {
    RuleBook.ClassRules rules = RuleBook.shipped().of(RuleBook.USUAL);
    List<Curve> homes = RealCurves.swiss().curves();
    List<History> known = new ArrayList<>();
    homes.forEach(home -> known.add(History.of(home, rules.validation())));
    Vee vee = new Vee(rules);
    night(vee, homes, known, Math.min(meters, 30_000));
    findings = 0;
    estimated = 0;
    long nanos = night(vee, homes, known, meters);
    double perSecond = (double) meters * SLOTS / nanos * 1e9;
    Report report =
        new Report()
            .add("meters", meters)
            .add("intervals", (long) meters * SLOTS)
            .add("meters_with_gaps_percent", gaps)
            .add("findings", findings)
            .add("estimated_intervals", estimated)
            .add("threads", 1)
            .add("seconds", nanos / 1e9)
            .add("intervals_per_s_per_core", perSecond)
            .add("times_the_commercial_figure", perSecond / COMMERCIAL);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.table());
    out.flush();
    return 0;
  }

  private long night(Vee vee, List<Curve> homes, List<History> known, int count) {
    ZoneId zone = ZoneId.of("Europe/Zurich");
    Timeline day = Timeline.ofDays(FIRST.plusDays(HELD), 1, 900, zone, Set.of());
    Timeline weeks = Timeline.ofDays(FIRST, HELD + 1, 900, zone, Set.of());
    SplittableRandom dice = new SplittableRandom(8);
    long spent = 0;
    for (int meter = 0; meter < count; meter++) {
      int home = meter % homes.size();
      Curve source = homes.get(home);
      int from = dice.nextInt(HELD) * SLOTS;
      boolean gap = dice.nextDouble(100) < gaps;
      Curve curve;
      int at;
      if (gap) {
        long[] values = Arrays.copyOf(source.values(), (HELD + 1) * SLOTS);
        System.arraycopy(source.values(), from, values, HELD * SLOTS, SLOTS);
        curve = new Curve(weeks, source.unit(), source.scaler(), values, new byte[values.length]);
        at = HELD;
        int first = HELD * SLOTS + dice.nextInt(SLOTS);
        int end = Math.min(values.length, first + 1 + dice.nextInt(SLOTS));
        Arrays.fill(curve.quality(), first, end, Quality.MISSING);
      } else {
        long[] values = Arrays.copyOfRange(source.values(), from, from + SLOTS);
        curve = new Curve(day, source.unit(), source.scaler(), values, new byte[SLOTS]);
        at = 0;
      }
      Context context = Context.NONE.with(known.get(home));
      long begun = System.nanoTime();
      MeterResult result = vee.run("", curve, at, at + 1, context);
      spent += System.nanoTime() - begun;
      findings += result.findings().size();
      estimated += result.estimates().stream().mapToInt(e -> e.values().length).sum();
    }
    return spent;
  }
}
