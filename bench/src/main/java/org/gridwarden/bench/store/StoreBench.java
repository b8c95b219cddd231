package org.gridwarden.bench.store;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.Unit;
import org.postgresql.PGConnection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench store}: days of slots, merged, against a bare binary COPY of the same rows. */
@Command(
    name = "store",
    description = "Days of slots merged by intake, against a bare binary COPY of the same rows.")
public final class StoreBench implements Callable<Integer> {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 10);
  private static final int HELD = 30;
  private static final int SLOTS = 96;
  private static final int PUSH_BYTES = 480;

  /** Rounds that are not counted: a head-end that has run for a minute is what is measured. */
  private static final int WARM_UP = 6;

  @Option(names = "--meters", defaultValue = "20000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 20_000;

  @Option(names = "--rounds", defaultValue = "5", description = "ABAB rounds (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--batch",
      defaultValue = "1000",
      description = "Day rows a commit (${DEFAULT-VALUE}).")
  private int batch = 1_000;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    try (Bench bench = Bench.open(meters)) {
      fill(bench);
      double[] copied = new double[rounds];
      double[] merged = new double[rounds];
      double[] taken = new double[rounds];
      double[] ratios = new double[rounds];
      double worst = 0;
      for (int round = -WARM_UP; round < rounds; round++) {
        LocalDate day = FIRST.plusDays(HELD + 2L * (WARM_UP + round));
        List<IntervalBlock> blocks = blocks(bench, day, round);
        double copy = copy(bench, CopyRows.encode(blocks, batch));
        double merge = merge(bench, blocks);
        List<Received> messages = messages(blocks(bench, day.plusDays(1), round), round);
        Timed intake = intake(bench, messages);
        if (round >= 0) {
          copied[round] = copy;
          merged[round] = merge;
          taken[round] = intake.rate();
          ratios[round] = merge / copy;
          worst = Math.max(worst, intake.worstMillis());
        }
      }
      LocalDate last = FIRST.plusDays(HELD + 2L * (WARM_UP + rounds) - 1);
      // the same slots once more, in new messages
      double replayed = intake(bench, messages(blocks(bench, last, rounds - 1), rounds)).rate();
      long bytes =
          bench.number(
              "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
                  + " WHERE inhparent = 'interval_block'::regclass");
      double intervals = (double) SLOTS * bench.number("SELECT count(*) FROM interval_block");
      long evidence =
          bench.number(
              "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent IN"
                  + " ('evidence'::regclass, 'evidence_segment'::regclass)");
      double pushes = bench.number("SELECT count(*) FROM evidence");
      Report report =
          new Report()
              .add("meters", meters)
              .add("rounds", rounds)
              .add("rounds_before_to_warm_up", WARM_UP)
              .add("rows_a_commit", batch)
              .add("copy_intervals_per_s", Math.round(Bench.median(copied)))
              .add("merge_intervals_per_s", Math.round(Bench.median(merged)))
              .add("ratio", Bench.median(ratios))
              .add("ratio_lowest", Arrays.stream(ratios).min().orElse(0))
              .add("ratio_highest", Arrays.stream(ratios).max().orElse(0))
              .add("messages_with_evidence_intervals_per_s", Math.round(Bench.median(taken)))
              .add("worst_commit_ms", worst)
              .add("replayed_messages_with_evidence_intervals_per_s", Math.round(replayed))
              .add("bytes_per_interval", bytes / intervals)
              .add("evidence_bytes_per_push_of_480", evidence / pushes)
              .add("meter_month_ms", meterMonth(bench))
              .add("feeder_day_ms", feederDay(bench));
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? report.json() : report.table());
      out.flush();
      return 0;
    }
  }

  private void fill(Bench bench) throws Exception {
    // the channel and one real row, so that the rest can follow it in SQL
    List<IntervalBlock> seed = blocks(bench, FIRST.minusDays(1), 99).subList(0, 1);
    bench
        .store()
        .unitOfWork()
        .call(tx -> {
          bench.store().blocks().merge(tx, seed);
          return seed;
        });
    bench.sql(
        "CREATE TABLE copy_block (LIKE interval_block INCLUDING ALL) PARTITION BY RANGE (day)");
    for (YearMonth month = YearMonth.from(FIRST); month.getMonthValue() < 4; ) {
      YearMonth next = month.plusMonths(1);
      String bounds = " FOR VALUES FROM ('%s') TO ('%s')".formatted(month.atDay(1), next.atDay(1));
      String name = "_2026_0" + month.getMonthValue();
      bench.sql("CREATE TABLE copy_block" + name + " PARTITION OF copy_block" + bounds);
      bench.sql(
          "CREATE TABLE IF NOT EXISTS interval_block"
              + name
              + " PARTITION OF interval_block"
              + bounds);
      month = next;
    }
    bench.sql(
        "INSERT INTO interval_block (day_start, meter, channel, day, interval_s, layer, \"values\","
            + " quality) SELECT s.d, m.id, (SELECT min(channel) FROM interval_block), s.d::date,"
            + " 900, 0, (SELECT array_agg((random() * 400)::int + (n + m.id) % 7) FROM"
            + " generate_series(1, 96) n), CASE WHEN (m.id + extract(day FROM s.d)) % 100 = 0 THEN"
            + " decode(repeat('00', 95) || '10', 'hex') END FROM generate_series(timestamptz '"
            + FIRST
            + " 00:00+00', timestamptz '"
            + FIRST.plusDays(HELD - 1)
            + " 00:00+00', interval '1 day') s (d) CROSS JOIN meter m"
            + " ORDER BY s.d, m.id");
    bench.sql(
        "INSERT INTO copy_block SELECT * FROM interval_block WHERE day >= '"
            + FIRST
            + "' ORDER BY day, meter");
    bench.sql(
        "INSERT INTO meter_channel SELECT id, (SELECT min(channel) FROM interval_block), 0 FROM"
            + " meter ON CONFLICT DO NOTHING");
    bench.sql("VACUUM ANALYZE interval_block");
    bench.sql("VACUUM ANALYZE copy_block");
  }

  private List<IntervalBlock> blocks(Bench bench, LocalDate date, int round) {
    SplittableRandom random = new SplittableRandom(round);
    Day day = Day.of(date, ZoneOffset.UTC, Duration.ofMinutes(15));
    List<IntervalBlock> blocks = new ArrayList<>(meters);
    for (MeterId meter : bench.meters()) {
      long[] values = new long[SLOTS];
      for (int i = 0; i < SLOTS; i++) {
        values[i] = random.nextInt(400);
      }
      byte[] quality = new byte[0];
      if (random.nextInt(100) == 0) {
        quality = new byte[SLOTS];
        quality[random.nextInt(SLOTS)] = Quality.ESTIMATED;
      }
      blocks.add(
          new IntervalBlock(
              meter, Bench.ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality));
    }
    return blocks;
  }

  private static List<Received> messages(List<IntervalBlock> blocks, int round) {
    SplittableRandom random = new SplittableRandom(1_000 + round);
    List<Received> messages = new ArrayList<>(blocks.size());
    for (IntervalBlock block : blocks) {
      messages.add(
          Bench.received(
              block.meter(),
              WARM_UP + round + 2,
              PUSH_BYTES,
              random,
              new Usage(block.meter(), List.of(), List.of(), List.of(block), List.of())));
    }
    return messages;
  }

  private double copy(Bench bench, List<byte[]> batches) throws Exception {
    try (var c = bench.store().dataSource().getConnection()) {
      c.setAutoCommit(false);
      long begin = begin();
      for (byte[] rows : batches) {
        var in =
            c.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY copy_block FROM STDIN (FORMAT binary)");
        in.writeToCopy(rows, 0, rows.length);
        in.endCopy();
        c.commit();
      }
      return rate(begin);
    }
  }

  private double merge(Bench bench, List<IntervalBlock> blocks) {
    long begin = begin();
    for (int from = 0; from < blocks.size(); from += batch) {
      List<IntervalBlock> part = blocks.subList(from, Math.min(from + batch, blocks.size()));
      bench
          .store()
          .unitOfWork()
          .call(tx -> {
            bench.store().blocks().merge(tx, part);
            return part;
          });
    }
    return rate(begin);
  }

  private record Timed(double rate, double worstMillis) {}

  private Timed intake(Bench bench, List<Received> messages) {
    long begin = begin();
    double worst = 0;
    for (int from = 0; from < messages.size(); from += batch) {
      long start = System.nanoTime();
      bench
          .store()
          .intake()
          .commit(messages.subList(from, Math.min(from + batch, messages.size())));
      worst = Math.max(worst, (System.nanoTime() - start) / 1e6);
    }
    return new Timed(rate(begin), worst);
  }

  /** What was made to be stored leaves garbage that is nobody's cost. */
  private static long begin() {
    System.gc();
    return System.nanoTime();
  }

  private double rate(long begin) {
    return (double) meters * SLOTS / ((System.nanoTime() - begin) / 1e9);
  }

  private double meterMonth(Bench bench) {
    double[] took = new double[21];
    for (int i = 0; i < took.length; i++) {
      MeterId meter = bench.meters().get(i * 7 % meters);
      long begin = System.nanoTime();
      try (var slots =
          bench
              .store()
              .readings()
              .slots(
                  meter,
                  Bench.ENERGY,
                  Layer.RAW,
                  FIRST.atStartOfDay().toInstant(ZoneOffset.UTC),
                  FIRST.plusDays(HELD).atStartOfDay().toInstant(ZoneOffset.UTC))) {
        if (slots.count() < (long) HELD * SLOTS) {
          throw new IllegalStateException("a meter's month is not whole");
        }
      }
      took[i] = (System.nanoTime() - begin) / 1e6;
    }
    return Bench.median(took);
  }

  private double feederDay(Bench bench) {
    List<MeterId> feeder = bench.meters().subList(0, Math.min(1_000, meters));
    double[] took = new double[11];
    for (int i = 0; i < took.length; i++) {
      long begin = System.nanoTime();
      try (var days =
          bench.store().readings().day(feeder, Bench.ENERGY, Layer.RAW, FIRST.plusDays(i + 5))) {
        if (days.count() != feeder.size()) {
          throw new IllegalStateException("a feeder's day is not whole");
        }
      }
      took[i] = (System.nanoTime() - begin) / 1e6;
    }
    return Bench.median(took);
  }
}
