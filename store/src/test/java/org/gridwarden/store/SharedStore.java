package org.gridwarden.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;

/** One real PostgreSQL for all tests of a run; each test takes meters of its own. */
final class SharedStore {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final Store STORE = open();

  private SharedStore() {}

  static Store store() {
    return STORE;
  }

  /** A registered meter that no other test has; its zone is UTC. */
  static MeterId meter() {
    return meter(ZoneOffset.UTC);
  }

  /** The same, with days in a zone. */
  static MeterId meter(ZoneId zone) {
    MeterId id = new MeterId("T" + NEXT.incrementAndGet());
    register(STORE, id, zone);
    return id;
  }

  static void register(Store store, MeterId id) {
    register(store, id, ZoneOffset.UTC);
  }

  private static void register(Store store, MeterId id, ZoneId zone) {
    store
        .meters()
        .put(
            new Meter(
                id,
                id.value(),
                new byte[0],
                "generic",
                zone,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "");
  }

  /** A query's first column of its first row. */
  static long number(String sql) {
    try (var c = STORE.transactions().source().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** A query's first column. */
  static List<String> texts(String sql) {
    try (var c = STORE.transactions().source().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (r.next()) {
        texts.add(r.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Store open() {
    try {
      Path data = Files.createTempDirectory("gridwarden-store-test");
      Store store = Store.open(StoreSettings.embedded(data));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                store.close();
                remove(data);
              }));
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path folder) {
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
