package org.gridwarden.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/**
 * What both store benchmarks stand on: a store of its own in a folder that goes away afterwards.
 */
final class Bench implements AutoCloseable {
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final ChannelId VIA = new ChannelId("bench", "memory");
  private static final byte[] KEY = {1};

  private final Path data;
  private final Store store;
  private final List<MeterId> meters;

  private Bench(Path data, Store store, List<MeterId> meters) {
    this.data = data;
    this.store = store;
    this.meters = meters;
  }

  static Bench open(int meters) throws IOException, SQLException {
    // before the first logger: a benchmark's terminal shows figures, and what goes wrong
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    Path data = Files.createTempDirectory(Path.of("."), "gridwarden-bench-");
    StoreSettings settings = StoreSettings.embedded(data);
    try (Store first = Store.open(settings)) {
      sql(
          first,
          "INSERT INTO meter (meter_id) SELECT 'B' || n FROM generate_series(1, " + meters + ") n");
    }
    // opened again: the directory reads the meters at start
    return new Bench(
        data,
        Store.open(settings),
        IntStream.rangeClosed(1, meters).mapToObj(n -> new MeterId("B" + n)).toList());
  }

  Store store() {
    return store;
  }

  List<MeterId> meters() {
    return meters;
  }

  void sql(String statement) throws SQLException {
    sql(store, statement);
  }

  long number(String query) throws SQLException {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(query)) {
      r.next();
      return r.getLong(1);
    }
  }

  /** Bytes of write-ahead log since the cluster was made. */
  long wal() throws SQLException {
    return number("SELECT (pg_current_wal_lsn() - '0/0')::bigint");
  }

  /** A ciphered push's worth of bytes that do not compress, and what was decoded from it. */
  static Received received(
      MeterId meter, long counter, int bytes, SplittableRandom random, Message content) {
    byte[] raw = new byte[bytes];
    random.nextBytes(raw);
    ByteBuffer.wrap(raw).putLong(counter);
    return new Received(
        new MessageId(meter, KEY, counter, sha256(raw)),
        VIA,
        Instant.now(),
        Assurance.MAC,
        raw,
        List.of(content));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @Override
  public void close() {
    store.close();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sql(Store store, String statement) throws SQLException {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute(statement);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
