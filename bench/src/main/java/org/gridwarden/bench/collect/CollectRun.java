package org.gridwarden.bench.collect;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.gridwarden.bench.Report;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.store.CollectionReport;
import org.gridwarden.store.CollectionTurn.Schedule;
import picocli.CommandLine;

/**
 * A day's collection, and its figures. Apart from the command, which is loaded with every other
 * one: here are the store's classes.
 */
final class CollectRun {
  private static final long MILLIONS = 10_000_000;

  private final int meters;
  private final int sessions;
  private final int atOnce;
  private final boolean json;
  private final CommandLine line;

  CollectRun(int meters, int sessions, int atOnce, boolean json, CommandLine line) {
    this.meters = meters;
    this.sessions = sessions;
    this.atOnce = atOnce;
    this.json = json;
    this.line = line;
  }

  int collect(PullStreet field, ReadingOffice office, InstantSource clock, double registered)
      throws Exception {
    long living = 0;
    for (int n = 1; n <= meters; n++) {
      living += field.isDead(n) ? 0 : 1;
    }
    CollectionReport report = office.store().collection().report();
    // what was to be there then: a quarter that ends meanwhile is the next round's
    Instant asked = clock.instant();
    long begin = System.nanoTime();
    double seconds;
    CollectionReport.State state;
    try (Collection collection = office.collection(settings(), 1)) {
      collection.start();
      do {
        Thread.sleep(500);
        seconds = (System.nanoTime() - begin) / 1e9;
        state = profiles(report, asked);
        progress(state, seconds);
      } while (state.complete() < living);
    }
    line.getErr().println();
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
    PrintWriter out = line.getOut();
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
    PrintWriter err = line.getErr();
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
