package org.gridwarden.bench.channels;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.MessageStreet;

/** Meters that tell as fast as each message is acknowledged, one at a time each. */
final class Flood {
  private static final List<ObisCode> CHANNELS =
      Stream.of("32.7.0", "52.7.0", "72.7.0", "31.7.0", "51.7.0", "71.7.0", "1.7.0", "3.7.0")
          .map(ObisCode::parse)
          .toList();

  /** Moments that no meter has told of. */
  private static final Duration BACK = Duration.ofHours(2);

  private final MessageStreet street;
  private final Carrier carrier;
  private final Instant begin;

  Flood(MessageStreet street, Carrier carrier, Instant now) {
    this.street = street;
    this.carrier = carrier;
    this.begin = now.minus(BACK);
  }

  /**
   * Tells for a time, after a third of it to warm up.
   *
   * @return messages a second
   */
  double run(int meters, Duration lasting) throws InterruptedException {
    LongAdder acknowledged = new LongAdder();
    CountDownLatch ready = new CountDownLatch(meters);
    AtomicLong end = new AtomicLong(Long.MAX_VALUE);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= meters; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .name("flood-" + i)
              .start(() -> {
                try {
                  tell(number, ready, end, acknowledged);
                } catch (IOException e) {
                  ready.countDown(); // it tells no more, and counts no more
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    ready.await();
    Thread.sleep(lasting.dividedBy(3));
    long before = acknowledged.sum();
    long begun = System.nanoTime();
    Thread.sleep(lasting);
    double rate = (acknowledged.sum() - before) / ((System.nanoTime() - begun) / 1e9);
    end.set(0);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    return rate;
  }

  private void tell(int number, CountDownLatch ready, AtomicLong end, LongAdder acknowledged)
      throws IOException, InterruptedException {
    MeterId id = new MeterId(street.serials().get(number - 1));
    KeySet key = street.messageKey(number);
    AtomicLong counters = new AtomicLong();
    MeterEnd meter =
        new MeterEnd(id, key, Algorithm.A256GCM, counters::getAndIncrement, new Deaf());
    Carrier.Caller caller =
        new Carrier.Caller(
            id,
            key,
            counters::getAndIncrement,
            () -> meter.seal(Form.SENML_CBOR, usage(id, 0)),
            order -> {},
            () -> {});
    try (Carrier.Way way = carrier.open(caller)) {
      ready.countDown();
      for (long i = 1; end.get() != 0; i++) {
        way.send(MessageClass.USAGE, meter.seal(Form.SENML_CBOR, usage(id, i)));
        acknowledged.increment();
      }
    }
  }

  private Usage usage(MeterId meter, long count) {
    Instant at = begin.plusMillis(count);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < CHANNELS.size(); i++) {
      readings.add(
          new Reading(
              CHANNELS.get(i),
              at,
              new ScaledValue(2_300 + (count * 7 + i) % 50, -1, Unit.VOLT),
              Quality.GOOD));
    }
    return new Usage(meter, readings, List.of(), List.of(), List.of());
  }

  /** Nothing comes down to it. */
  private static final class Deaf implements MeterEnd.Seen {
    @Override
    public long greatest() {
      return -1;
    }

    @Override
    public void greatest(long counter) {
      throw new IllegalStateException("nothing is sent down");
    }
  }
}
