package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Usage;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The serial line damages what goes over it; the driver and the model repair it. */
class DamagedLineIT {
  private static final int METERS = 6;
  private static final Duration VERY_LONG = Duration.ofMinutes(8);

  /** For how long each; a minute by {@code -Dgridwarden.damaged=60}. */
  private static final Duration DAMAGE =
      Duration.ofSeconds(Integer.getInteger("gridwarden.damaged", 25));

  /** Flips a bit of some bytes, both ways. */
  private static final class Noise implements StreetBench.Wire {
    private final Random random = new Random(11);
    final AtomicLong damaged = new AtomicLong();
    volatile double frames;
    volatile double bytes;

    /** Whole writes are frames of ASH. */
    byte[] noisy(byte[] all, int length) {
      byte[] some = java.util.Arrays.copyOf(all, length);
      synchronized (random) {
        if (random.nextDouble() < frames) {
          damaged.incrementAndGet();
          some[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        for (int i = 0; i < length; i++) {
          if (random.nextDouble() < bytes) {
            damaged.incrementAndGet();
            some[i] ^= (byte) (1 << random.nextInt(8));
          }
        }
      }
      return some;
    }

    @Override
    public OutputStream out(OutputStream out) {
      return new FilterOutputStream(out) {
        @Override
        public void write(byte[] all) throws IOException {
          out.write(noisy(all, all.length));
        }
      };
    }

    @Override
    public InputStream in(InputStream in) {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          byte[] some = new byte[length];
          int count = in.read(some, 0, length);
          if (count > 0) {
            System.arraycopy(noisy(some, count), 0, into, from, count);
          }
          return count;
        }

        @Override
        public void close() throws IOException {
          in.close();
        }
      };
    }
  }

  @Test
  @DisplayName("5 % of frames, then 1 % of bytes: no wrong value, and it works again by itself")
  void damageGivesNoWrongValueAndPasses(@TempDir Path folder) throws Exception {
    Noise noise = new Noise();
    try (StreetBench bench =
        new StreetBench(
            folder, METERS, Duration.ofSeconds(2), new ZigbeeModel.Layout(METERS, 0), noise)) {
      TestOffice office = new TestOffice(bench.street, bench.clock, 0);
      List<String> serials = bench.street.serials();
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(1))) {
        channel.start(office.host());
        bench.letAllIn(channel);
        await()
            .atMost(VERY_LONG)
            .until(() -> serials.stream().allMatch(s -> channel.reaches(new MeterId(s))));
        bench.start();

        noise.frames = 0.05;
        Thread.sleep(DAMAGE); // so long it is damaged; nothing is waited for
        long few = noise.damaged.get();
        noise.frames = 0;
        noise.bytes = 0.01;
        Thread.sleep(DAMAGE);
        noise.bytes = 0;
        assertThat(few).isPositive();
        assertThat(noise.damaged.get()).isGreaterThan(few);

        // by itself: the line is opened again where it was lost, and all meters are heard
        int before = office.submitted.size();
        await()
            .atMost(VERY_LONG)
            .until(() ->
                serials.stream().allMatch(s -> channel.reaches(new MeterId(s)))
                    && serials.stream().allMatch(s -> toldSince(office, s, before)));
        assertThat(bench.model.joins()).as("nobody joined anew").isEqualTo(METERS);
        for (int i = 1; i <= METERS; i++) {
          right(bench, office, i);
        }
      }
    }
  }

  private static boolean toldSince(TestOffice office, String meter, int before) {
    return office.submitted.stream()
        .skip(before)
        .anyMatch(r ->
            r.id().meter().value().equals(meter)
                && r.content().stream().anyMatch(m -> m instanceof Billing));
  }

  /** All that came of a meter is what it measured. */
  private static void right(StreetBench bench, TestOffice office, int number) {
    String meter = bench.street.serials().get(number - 1);
    long now = bench.street.wattHours(number);
    for (Message message : office.told(meter)) {
      if (message instanceof Billing billing) {
        billing
            .registers()
            .forEach(r ->
                assertThat(r.value().decimal().longValue())
                    .as(meter + " register")
                    .isBetween(now - 5_000, now));
      } else if (message instanceof Usage usage) {
        usage.momentary().stream()
            .filter(r -> r.channel().equals(MeteringValues.VOLTAGE))
            .forEach(r ->
                assertThat(r.value().decimal().doubleValue())
                    .as(meter + " voltage")
                    .isBetween(226.0, 234.0));
      }
    }
  }
}
