package org.gridwarden.simulator.zigbee.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.simulator.zigbee.radio.Timeline;

/**
 * Quarter-hours as Metering's GetProfile tells them, and samples of the register that the office
 * has taken. On the model's thread only.
 */
final class LoadProfile implements MeterCluster {
  static final int GET_PROFILE = 0x00;
  static final int PROFILE = 0x00;
  static final int START_SAMPLING = 0x07;
  static final int SAMPLING_STARTED = 0x0D;
  static final int GET_SAMPLED = 0x08;
  static final int SAMPLED = 0x07;

  /** What fits into one frame under a link key beside what is no interval. */
  static final int MOST_PERIODS = 21;

  static final int MOST_SAMPLES = 19;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int QUARTER = 900;
  private static final int MINUTES_15 = 3;
  private static final int NO_SUCH_CHANNEL = 1;
  private static final int NOT_RECEIVED = 2;
  private static final int MORE_THAN_FIT = 4;
  private static final int NONE = 5;
  private static final int KEPT = 1_000;

  private final Timeline time;
  private final Supplier<Instant> clock;
  private final MeterValues values;
  private final BooleanSupplier profiles;
  private final Consumer<Zcl> answer;
  private final List<Sampling> samplings = new ArrayList<>();

  private static final class Sampling {
    private final Instant start;
    private final int seconds;
    private final List<Long> samples = new ArrayList<>();

    private Sampling(Instant start, int seconds) {
      this.start = start;
      this.seconds = seconds;
    }
  }

  /**
   * @param profiles whether it keeps quarter-hours; otherwise it takes samples alone
   * @param answer goes back by the same cluster
   */
  LoadProfile(
      Timeline time,
      Supplier<Instant> clock,
      MeterValues values,
      BooleanSupplier profiles,
      Consumer<Zcl> answer) {
    this.time = time;
    this.clock = clock;
    this.values = values;
    this.profiles = profiles;
    this.answer = answer;
  }

  @Override
  public boolean take(int cluster, Zcl zcl) {
    if (cluster != SmartEnergyMeter.METERING || !zcl.cluster() || zcl.fromServer()) {
      return false;
    }
    byte[] all = zcl.payload();
    return switch (zcl.command()) {
      case GET_PROFILE -> {
        if (!profiles.getAsBoolean() || all.length != 6) {
          yield false;
        }
        say(zcl, PROFILE, profile(all[0] & 0xFF, Zcl.number(all, 1, 4), all[5] & 0xFF));
        yield true;
      }
      case START_SAMPLING -> {
        if (all.length != 13) {
          yield false;
        }
        int id = sample(Zcl.number(all, 4, 4), all[8] & 0xFF, all);
        say(zcl, SAMPLING_STARTED, new Zcl.Out().number(2, id).done());
        yield true;
      }
      case GET_SAMPLED -> {
        int id = all.length == 9 ? (int) Zcl.number(all, 0, 2) : -1;
        if (id < 0 || id >= samplings.size()) {
          yield false;
        }
        say(zcl, SAMPLED, sampled(id, Zcl.number(all, 2, 4), (int) Zcl.number(all, 7, 2)));
        yield true;
      }
      default -> false;
    };
  }

  private void say(Zcl asked, int command, byte[] payload) {
    answer.accept(new Zcl(true, true, asked.sequence(), command, payload));
  }

  @Override
  public Optional<Attribute> attribute(int cluster, int id) {
    return cluster == SmartEnergyMeter.METERING && id == 0x000F && profiles.getAsBoolean()
        ? Optional.of(Attribute.enum8(MINUTES_15))
        : Optional.empty();
  }

  private byte[] profile(int channel, long end, int periods) {
    Instant asked = end == 0 ? clock.get() : EPOCH.plusSeconds(end);
    Instant latest =
        Instant.ofEpochSecond(
            asked.getEpochSecond() - Math.floorMod(asked.getEpochSecond(), QUARTER));
    if (channel != 0) {
      return head(latest, channel == 1 ? NOT_RECEIVED : NO_SUCH_CHANNEL, 0).done();
    }
    List<Long> intervals = new ArrayList<>();
    for (int i = 0; i < Math.min(periods, MOST_PERIODS); i++) {
      OptionalLong one = values.quarter(latest.minusSeconds((long) QUARTER * (i + 1)));
      if (one.isEmpty()) {
        break;
      }
      intervals.add(one.getAsLong());
    }
    int status = intervals.isEmpty() ? NONE : periods > MOST_PERIODS ? MORE_THAN_FIT : 0;
    Zcl.Out out = head(latest, status, intervals.size());
    intervals.forEach(one -> out.number(3, one)); // the latest first
    return out.done();
  }

  private static Zcl.Out head(Instant latest, int status, int count) {
    return new Zcl.Out()
        .number(4, latest.getEpochSecond() - EPOCH.getEpochSecond())
        .number(1, status)
        .number(1, MINUTES_15)
        .number(1, count);
  }

  /** Begins to sample; gives the samples' number, 0xFFFF where it does not. */
  private int sample(long start, int type, byte[] all) {
    int seconds = (int) Zcl.number(all, 9, 2);
    int most = (int) Zcl.number(all, 11, 2);
    if (type != 0 || seconds == 0 || most == 0) {
      return 0xFFFF;
    }
    Instant now = clock.get();
    Instant from = start == 0 ? now : EPOCH.plusSeconds(start);
    Sampling sampling = new Sampling(from, seconds);
    samplings.add(sampling);
    long wait = Math.max(0, Duration.between(now, from).toNanos() / 1_000);
    time.after(wait, () -> next(sampling, values.wattHours(), Math.min(most, KEPT)));
    return samplings.size() - 1;
  }

  private void next(Sampling sampling, long before, int left) {
    if (left > 0) {
      time.after(
          sampling.seconds * 1_000_000L,
          () -> {
            long now = values.wattHours();
            sampling.samples.add(now - before);
            next(sampling, now, left - 1);
          });
    }
  }

  private byte[] sampled(int id, long earliest, int most) {
    Sampling sampling = samplings.get(id);
    long into = EPOCH.plusSeconds(earliest).getEpochSecond() - sampling.start.getEpochSecond();
    int first = (int) Math.max(0, Math.ceilDiv(into, sampling.seconds));
    int count =
        Math.max(0, Math.min(Math.min(most, MOST_SAMPLES), sampling.samples.size() - first));
    Zcl.Out out =
        new Zcl.Out()
            .number(2, id)
            .number(
                4,
                sampling.start.getEpochSecond()
                    - EPOCH.getEpochSecond()
                    + (long) first * sampling.seconds)
            .number(1, 0)
            .number(2, sampling.seconds)
            .number(2, count);
    for (int i = 0; i < count; i++) {
      out.number(3, sampling.samples.get(first + i)); // the earliest first
    }
    return out.done();
  }
}
