package org.gridwarden.bench.store;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gridwarden.bench.Report;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench live}: pushes of one slot each to durable, while folding runs beside them. */
@Command(
    name = "live",
    description = "Pushes of one slot each, to durable, while folding runs beside them.")
public final class LiveBench implements Callable<Integer> {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PUSH_BYTES = 100;
  private static final int WRITERS = 2;

  @Option(names = "--meters", defaultValue = "20000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 20_000;

  @Option(names = "--for", defaultValue = "10m", description = "How long (${DEFAULT-VALUE}).")
  private Duration time = Duration.ofMinutes(10);

  @Option(
      names = "--batch",
      defaultValue = "5000",
      description = "Pushes a commit (${DEFAULT-VALUE}).")
  private int batch = 5_000;

  @Option(
      names = "--fold-every",
      defaultValue = "30s",
      description = "Time between folds (${DEFAULT-VALUE}).")
  private Duration foldEvery = Duration.ofSeconds(30);

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private record Written(long slots, double worstMillis) {}

  private record Folds(long folds, long slots, double seconds) {}

  @Override
  public Integer call() throws Exception {
    try (Bench bench = Bench.open(meters);
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      long walBefore = bench.wal();
      long bytesBefore = size(bench);
      AtomicBoolean stop = new AtomicBoolean();
      long begin = System.nanoTime();
      List<Future<Written>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int part = w;
        writers.add(threads.submit(() -> write(bench, part, begin)));
      }
      Future<Folds> folder = threads.submit(() -> fold(bench, stop));
      long slots = 0;
      double worst = 0;
      for (Future<Written> writer : writers) {
        slots += writer.get().slots();
        worst = Math.max(worst, writer.get().worstMillis());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      long wal = bench.wal() - walBefore;
      stop.set(true);
      Folds folds = folder.get();
      bench.store().folding().fold();
      long stored =
          bench.number(
              "SELECT coalesce(sum(cardinality(\"values\") - coalesce((SELECT count(*) FROM"
                  + " generate_series(0, cardinality(\"values\") - 1) n"
                  + " WHERE get_byte(quality, n) = 128), 0)), 0) FROM interval_block");
      Report report =
          new Report()
              .add("meters", meters)
              .add("seconds", seconds)
              .add("pushes_a_commit", batch)
              .add("slots", slots)
              .add("slots_per_s", Math.round(slots / seconds))
              .add("worst_commit_ms", worst)
              .add("folds", folds.folds())
              .add("folded_slots", folds.slots())
              .add("fold_seconds", folds.seconds())
              .add("wal_bytes_before", walBefore)
              .add("wal_bytes_after", walBefore + wal)
              .add("wal_bytes_a_slot", (double) wal / slots)
              .add("table_bytes_before", bytesBefore)
              .add("table_bytes_after", size(bench))
              .add("landing_bytes_after", bench.store().folding().landingBytes())
              .add("slots_missing", slots - stored);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? report.json() : report.table());
      out.flush();
      return slots == stored ? 0 : 1;
    }
  }

  private Written write(Bench bench, int part, long begin) {
    SplittableRandom random = new SplittableRandom(part);
    long slots = 0;
    double worst = 0;
    List<Received> messages = new ArrayList<>(batch);
    for (long n = 0; System.nanoTime() - begin < time.toNanos(); n++) {
      Instant start = FIRST.plusSeconds(900 * n);
      for (int m = part; m < meters; m += WRITERS) {
        MeterId meter = bench.meters().get(m);
        Slot slot =
            new Slot(
                Bench.ENERGY,
                start,
                Duration.ofMinutes(15),
                new ScaledValue(random.nextInt(400), 0, Unit.WATT_HOUR),
                (byte) 0);
        messages.add(
            Bench.received(
                meter,
                n + 1,
                PUSH_BYTES,
                random,
                new Usage(meter, List.of(), List.of(slot), List.of(), List.of())));
        if (messages.size() == batch || m + WRITERS >= meters) {
          long from = System.nanoTime();
          for (Outcome outcome : bench.store().intake().commit(messages)) {
            if (!(outcome instanceof Outcome.Stored)) {
              throw new IllegalStateException("a push was not stored: " + outcome);
            }
          }
          worst = Math.max(worst, (System.nanoTime() - from) / 1e6);
          slots += messages.size();
          messages = new ArrayList<>(batch);
        }
      }
    }
    return new Written(slots, worst);
  }

  private Folds fold(Bench bench, AtomicBoolean stop) throws InterruptedException {
    long folds = 0;
    long slots = 0;
    double seconds = 0;
    while (!stop.get()) {
      long next = System.nanoTime() + foldEvery.toNanos();
      while (!stop.get() && System.nanoTime() < next) {
        Thread.sleep(100);
      }
      var folded = bench.store().folding().fold();
      folds++;
      slots += folded.slots();
      seconds += folded.took().toNanos() / 1e9;
    }
    return new Folds(folds, slots, seconds);
  }

  private static long size(Bench bench) throws Exception {
    return bench.number("SELECT pg_database_size(current_database())");
  }
}
