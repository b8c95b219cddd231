package org.gridwarden.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.postgresql.PGConnection;

/**
 * A data folder that is full: so many meters, each at a service point of an account of its own,
 * with whole days of quarter-hours by COPY. Its database is closed when it is handed over, and its
 * folder goes with it.
 */
final class FullStore implements AutoCloseable {
  static final LocalDate FIRST = LocalDate.of(2026, 10, 1);
  static final int SLOTS = 96;
  private static final int BATCH = 5_000;

  private final Path folder;

  private FullStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Fills one.
   *
   * @param days how many, from {@link #FIRST} on
   */
  static FullStore fill(int meters, int days) throws IOException, SQLException {
    FullStore full = new FullStore(Files.createTempDirectory("gridwarden-full-"));
    boolean done = false;
    try {
      full.register(meters);
      // opened again: the directory reads the meters at start
      try (Store store = Store.open(StoreSettings.embedded(full.data()))) {
        full.days(store, meters, days);
        sql(store, "VACUUM ANALYZE");
      }
      done = true;
    } finally {
      if (!done) {
        full.close();
      }
    }
    return full;
  }

  private void register(int meters) throws SQLException {
    try (Store store = Store.open(StoreSettings.embedded(data()))) {
      sql(
          store,
          "INSERT INTO meter (meter_id, service_point) SELECT 'B' || n, 'SP-' || n FROM"
              + " generate_series(1, "
              + meters
              + ") n");
      sql(
          store,
          "INSERT INTO service_point_term (since, meter, service_point)"
              + " SELECT '2026-01-01T00:00:00Z', id, service_point FROM meter");
      sql(
          store,
          "INSERT INTO account (opened, id, name, street, city, language) SELECT"
              + " '2026-01-01T00:00:00Z', 'A-' || id, 'Customer ' || id, 'Street 1', '8000 Town',"
              + " 'de' FROM meter");
      sql(
          store,
          "INSERT INTO agreement (since, made, account, service_point, tariff) SELECT"
              + " '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'A-' || id, service_point, 'tou'"
              + " FROM meter");
    }
  }

  private void days(Store store, int meters, int days) throws SQLException {
    // one real row first: the channel is there then, and has the number that CopyRows writes
    List<IntervalBlock> seed = List.of(block(1, FIRST.minusDays(1), new SplittableRandom(1)));
    var unused =
        store
            .unitOfWork()
            .call(tx -> {
              store.blocks().merge(tx, seed);
              return seed;
            });
    sql(store, "INSERT INTO meter_channel SELECT id, 1, 0 FROM meter ON CONFLICT DO NOTHING");
    for (YearMonth month = YearMonth.from(FIRST);
        !month.isAfter(YearMonth.from(FIRST.plusDays(days)));
        month = month.plusMonths(1)) {
      sql(
          store,
          "CREATE TABLE IF NOT EXISTS interval_block_%d_%02d PARTITION OF interval_block FOR VALUES FROM ('%s') TO ('%s')"
              .formatted(
                  month.getYear(),
                  month.getMonthValue(),
                  month.atDay(1),
                  month.plusMonths(1).atDay(1)));
    }
    try (Connection c = store.dataSource().getConnection()) {
      for (int day = 0; day < days; day++) {
        SplittableRandom random = new SplittableRandom(day);
        for (int from = 1; from <= meters; from += BATCH) {
          List<IntervalBlock> blocks = new ArrayList<>(BATCH);
          for (int meter = from; meter < Math.min(from + BATCH, meters + 1); meter++) {
            blocks.add(block(meter, FIRST.plusDays(day), random));
          }
          byte[] rows = CopyRows.rows(blocks, from - 1);
          var in =
              c.unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn("COPY interval_block FROM STDIN (FORMAT binary)");
          in.writeToCopy(rows, 0, rows.length);
          in.endCopy();
        }
      }
    }
  }

  private static IntervalBlock block(int meter, LocalDate date, SplittableRandom random) {
    long[] values = new long[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      values[i] = 40 + random.nextInt(60) + (random.nextInt(20) == 0 ? random.nextInt(1_500) : 0);
    }
    return new IntervalBlock(
        new MeterId("B" + meter),
        Bench.ENERGY,
        Layer.RAW,
        Day.of(date, ZoneOffset.UTC, Duration.ofMinutes(15)),
        0,
        Unit.WATT_HOUR,
        values,
        new byte[0]);
  }

  /** Where its database is. */
  Path data() {
    return folder.resolve("data");
  }

  /** A folder for what else an office keeps. */
  Path folder() {
    return folder;
  }

  private static void sql(Store store, String statement) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
