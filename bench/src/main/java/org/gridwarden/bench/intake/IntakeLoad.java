package org.gridwarden.bench.intake;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.message.MeterEnd;

/**
 * Meters that send as fast as they are acknowledged, each with so many messages on their way, each
 * message sealed when it is sent.
 */
final class IntakeLoad {
  private static final int WINDOW = 32;

  /** So many messages a meter, however short the time. */
  private static final int LEAST = 10;

  private static final int MOST_VALUES = 96;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a meter of three phases measures now and then. */
  private static final List<ObisCode> CHANNELS =
      Stream.of("32.7.0", "52.7.0", "72.7.0", "31.7.0", "51.7.0", "71.7.0", "1.7.0", "3.7.0")
          .map(ObisCode::parse)
          .toList();

  private final Protocol protocol;
  private final int meters;
  private final int values;
  private final Instant begin;
  private final AtomicLong[] counters;

  /** What came of it. */
  record Result(long acknowledged, long refused, double seconds, double p50, double p99) {}

  /**
   * @param values a message, 1 to 96: eight quantities, at as many moments as it takes
   */
  IntakeLoad(Protocol protocol, int meters, int values, Instant begin) {
    if (values < 1 || values > MOST_VALUES) {
      throw new IllegalArgumentException("a message has 1 to " + MOST_VALUES + " values");
    }
    this.protocol = protocol;
    this.meters = meters;
    this.values = values;
    this.begin = begin;
    this.counters =
        IntStream.range(0, meters).mapToObj(i -> new AtomicLong()).toArray(AtomicLong[]::new);
  }

  private static MeterId meter(int number) {
    return new MeterId(String.format(Locale.ROOT, "GW-%07d", number + 1));
  }

  private static byte[] key(int number) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(("bench " + number).getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static KeySet set(int number) {
    return new KeySet(new byte[] {'1'}, new Secret(key(number)), new Secret(new byte[0]));
  }

  /** The meters' shipment. */
  List<String> shipment() {
    List<String> lines = new ArrayList<>(List.of("serial,profile,zone,key_id,message"));
    for (int i = 0; i < meters; i++) {
      lines.add(meter(i) + ",street,Europe/Zurich,1,plain:" + HexFormat.of().formatHex(key(i)));
    }
    return lines;
  }

  /**
   * Sends for a time, and ten messages a meter at least.
   *
   * @param login whether the server asks for a password
   */
  Result run(int port, Duration lasting, boolean login) throws InterruptedException {
    LongAdder acknowledged = new LongAdder();
    LongAdder refused = new LongAdder();
    Latencies latencies = new Latencies();
    long began = System.nanoTime();
    long end = began + lasting.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < meters; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .name("load-" + i)
              .start(() -> {
                try {
                  send(number, port, end, login, acknowledged, refused, latencies);
                } catch (IOException | ExecutionException | TimeoutException e) {
                  refused.increment();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Result(
        acknowledged.sum(), refused.sum(), seconds, latencies.part(0.5), latencies.part(0.99));
  }

  private void send(
      int number,
      int port,
      long end,
      boolean login,
      LongAdder acknowledged,
      LongAdder refused,
      Latencies latencies)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    MeterId meter = meter(number);
    KeySet set = set(number);
    MeterEnd meterEnd =
        new MeterEnd(meter, set, Algorithm.A256GCM, counters[number]::getAndIncrement, DEAF);
    Secret password = login ? MessagePassword.of(meter, set) : new Secret(new byte[] {'x'});
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    Semaphore window = new Semaphore(WINDOW);
    try (Protocol.Line line = protocol.open(socket, meter, password)) {
      for (int i = 0; i < LEAST || System.nanoTime() < end; i++) {
        window.acquire();
        long sent = System.nanoTime();
        CompletableFuture<Boolean> done =
            line.tell(meterEnd.seal(Form.SENML_CBOR, usage(meter, counters[number].get())));
        done.whenComplete((taken, failure) -> {
          if (failure == null && taken) {
            acknowledged.increment();
            latencies.add(System.nanoTime() - sent);
          } else {
            refused.increment();
          }
          window.release();
        });
      }
      if (!window.tryAcquire(WINDOW, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException("meter " + meter + " was not answered");
      }
    }
  }

  /** Each message is of other moments, so that none is a double of another in the store. */
  private Usage usage(MeterId meter, long counter) {
    int moments = (values + CHANNELS.size() - 1) / CHANNELS.size();
    Instant first = begin.plusMillis(counter * moments);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < values; i++) {
      long raw = 2_300 + (counter * 7 + i) % 50;
      readings.add(
          new Reading(
              CHANNELS.get(i % CHANNELS.size()),
              first.plusMillis(i / CHANNELS.size()),
              new ScaledValue(raw, -1, Unit.VOLT),
              Quality.GOOD));
    }
    return new Usage(meter, readings, List.of(), List.of(), List.of());
  }

  private static final MeterEnd.Seen DEAF =
      new MeterEnd.Seen() {
        @Override
        public long greatest() {
          return -1;
        }

        @Override
        public void greatest(long counter) {
          throw new IllegalStateException("nothing is sent down");
        }
      };

  /** Latencies in steps of 2 percent. Thread-safe. */
  private static final class Latencies {
    private static final double STEP = Math.log(1.02);
    private static final int STEPS = 1_500;
    private final java.util.concurrent.atomic.AtomicLongArray counts =
        new java.util.concurrent.atomic.AtomicLongArray(STEPS);

    void add(long nanos) {
      int step = (int) (Math.log(Math.max(1, nanos / 1_000.0)) / STEP);
      counts.incrementAndGet(Math.min(STEPS - 1, step));
    }

    /** In milliseconds. */
    double part(double part) {
      long all = 0;
      for (int i = 0; i < STEPS; i++) {
        all += counts.get(i);
      }
      long before = 0;
      for (int i = 0; i < STEPS; i++) {
        before += counts.get(i);
        if (before > 0 && before >= all * part) {
          return Math.exp((i + 1) * STEP) / 1_000;
        }
      }
      return 0;
    }
  }
}
