package org.gridwarden.bench.collect;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.LinkFaults;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.store.CollectionReport;
import org.gridwarden.store.CollectionTurn.Schedule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench collect}: a day of many meters, each called, its clock, registers, profile and
 * events read by HLS with GMAC, and stored.
 */
@Command(
    name = "collect",
    description = {
      "Collects a day of simulated meters: each is called over TCP, an association with GMAC"
          + " opened,",
      "its clock, registers, 96 intervals and events read, and all of it stored durably. Meters,",
      "head-end and database share this machine.",
    })
public final class CollectBench implements Callable<Integer> {
  private static final long MILLIONS = 10_000_000;

  @Option(names = "--meters", defaultValue = "10000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 10_000;

  @Option(
      names = "--sessions",
      defaultValue = "200",
      description = "Meters read at once (${DEFAULT-VALUE}).")
  private int sessions = 200;

  @Option(
      names = "--per-link",
      defaultValue = "500",
      description = "Meters that share a link (${DEFAULT-VALUE}).")
  private int perLink = 500;

  @Option(
      names = "--at-once",
      defaultValue = "8",
      description = "Of them, read at once (${DEFAULT-VALUE}).")
  private int atOnce = 8;

  @Option(
      names = "--loss",
      defaultValue = "0",
      description = "Percent of answers lost or damaged, half of each (${DEFAULT-VALUE}).")
  private double loss;

  @Option(
      names = "--dead",
      defaultValue = "0",
      description = "Percent of meters that say nothing (${DEFAULT-VALUE}).")
  private double dead;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    // before the first logger: a benchmark's terminal shows figures, and what goes wrong
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    InstantSource clock = InstantSource.system();
    PullSettings street =
        PullSettings.of(meters)
            .withPerLink(perLink)
            .withHistory(Duration.ofDays(2))
            .withFaults(new LinkFaults(loss / 200, loss / 200, dead / 100, 0));
    try (PullStreet field = PullStreet.open(street, Households.load(), clock, 0);
        ReadingOffice office = ReadingOffice.open(clock, Duration.ofSeconds(2))) {
      long began = System.nanoTime();
      office.register(field, meters);
      double registered = (System.nanoTime() - began) / 1e9;
      return collect(field, office, clock, registered);
    }
  }

  private int collect(
      PullStreet field, ReadingOffice office, InstantSource clock, double registered)
      throws Exception {
    long living = 0;
    for (int n = 1; n <= meters; n++) {
      living += field.isDead(n) ? 0 : 1;
    }
    CollectionReport report = office.store().collection().report();
    long begin = System.nanoTime();
    double seconds;
    CollectionReport.State state;
    try (Collection collection = office.collection(settings(), 1)) {
      collection.start();
      do {
        Thread.sleep(500);
        seconds = (System.nanoTime() - begin) / 1e9;
        state = profiles(report, clock.instant());
        progress(state, seconds);
      } while (state.complete() < living);
    }
    spec.commandLine().getErr().println();
    double perSecond = living / seconds;
    Report figures =
        new Report()
            .add("meters", meters)
            .add("meters_living", living)
            .add("register_seconds", registered)
            .add("seconds", seconds)
            .add("meters_per_s", perSecond)
            .add("intervals", state.expected() - state.missing())
            .add("intervals_missing", state.missing())
            .add("intervals_expected", state.expected())
            .add("exchanges", field.exchanges())
            .add("exchanges_per_s", field.exchanges() / seconds)
            .add("answers_lost_or_damaged", field.faults())
            .add("database_bytes", number(office, "SELECT pg_database_size(current_database())"))
            .add("hours_for_10_million", MILLIONS / perSecond / 3_600);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.table());
    out.flush();
    return 0;
  }

  private CollectionSettings settings() {
    CollectionSettings usual = CollectionSettings.defaults();
    return new CollectionSettings(
        true,
        usual.billingEvery(),
        Duration.ofDays(1),
        usual.spread(),
        Duration.ofDays(1).plusMinutes(20), // 96 slots, and what the settling takes
        usual.settling(),
        sessions,
        atOnce,
        Map.of(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        usual.vain(),
        usual.clock());
  }

  private static CollectionReport.State profiles(CollectionReport report, Instant now) {
    return report.states(now).stream()
        .filter(s -> s.schedule() == Schedule.PROFILES)
        .findFirst()
        .orElseThrow();
  }

  private void progress(CollectionReport.State state, double seconds) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "\r%,d of %,d complete, %,d failing, %.0f s ",
        state.complete(),
        state.meters(),
        state.failing(),
        seconds);
    err.flush();
  }

  private static long number(ReadingOffice office, String query) throws Exception {
    try (var c = office.store().dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(query)) {
      r.next();
      return r.getLong(1);
    }
  }
}
