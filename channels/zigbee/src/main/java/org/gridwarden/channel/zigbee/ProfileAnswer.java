package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Optional;

/**
 * Energy by interval, as Metering's GetProfile or GetSampledData answers. Immutable.
 *
 * @param start of the first interval
 * @param seconds how long each is
 * @param raw one an interval, the earliest first, in the meter's own unit; {@link #INVALID} where
 *     it has none
 */
@SuppressWarnings("ArrayRecordComponent") // its maker gives it up
record ProfileAnswer(Instant start, int seconds, long[] raw) {
  static final int GET_PROFILE = 0x00;
  static final int PROFILE = 0x00;
  static final int START_SAMPLING = 0x07;
  static final int SAMPLING_STARTED = 0x0D;
  static final int GET_SAMPLED = 0x08;
  static final int SAMPLED = 0x07;

  /** What fits into one frame beside the rest of its answer. */
  static final int MOST_PERIODS = 21;

  static final int MOST_SAMPLES = 19;

  static final long INVALID = 0xFF_FFFF;

  private static final int DELIVERED = 0;
  private static final int MORE_THAN_FIT = 4;
  private static final int PROFILE_HEAD = 7;
  private static final int SAMPLED_HEAD = 11;

  /** GetProfile's payload (07-5356-19, D.3.3.3.1.1): the last intervals up to an end. */
  static byte[] ask(Instant end, int periods) {
    return new Zcl.Out()
        .number(1, DELIVERED)
        .number(4, SmartEnergyTime.seconds(end))
        .number(1, periods)
        .done();
  }

  /** StartSampling's payload: energy, from now on. */
  static byte[] sample(long event, int seconds, int most) {
    return new Zcl.Out()
        .number(4, event)
        .number(4, 0)
        .number(1, DELIVERED)
        .number(2, seconds)
        .number(2, most)
        .done();
  }

  /** GetSampledData's payload. */
  static byte[] askSamples(int sampling, Instant earliest) {
    return new Zcl.Out()
        .number(2, sampling)
        .number(4, SmartEnergyTime.seconds(earliest))
        .number(1, DELIVERED)
        .number(2, MOST_SAMPLES)
        .done();
  }

  /** Reads GetProfileResponse (D.3.2.3.1.1), whose intervals are told the latest first. */
  static Optional<ProfileAnswer> profile(byte[] all) {
    if (all.length < PROFILE_HEAD) {
      return Optional.empty();
    }
    int status = all[4] & 0xFF;
    int seconds = period(all[5] & 0xFF);
    int count = all[6] & 0xFF;
    if (status != 0 && status != MORE_THAN_FIT
        || seconds == 0
        || all.length != PROFILE_HEAD + 3 * count) {
      return Optional.empty();
    }
    long[] raw = new long[count];
    for (int i = 0; i < count; i++) {
      raw[count - 1 - i] = Zcl.number(all, PROFILE_HEAD + 3 * i, 3);
    }
    Instant end = SmartEnergyTime.instant(Zcl.number(all, 0, 4));
    return Optional.of(new ProfileAnswer(end.minusSeconds((long) seconds * count), seconds, raw));
  }

  /** Reads GetSampledDataResponse, whose samples are told the earliest first. */
  static Optional<ProfileAnswer> samples(byte[] all, int sampling) {
    if (all.length < SAMPLED_HEAD || Zcl.number(all, 0, 2) != sampling || all[6] != DELIVERED) {
      return Optional.empty();
    }
    int seconds = (int) Zcl.number(all, 7, 2);
    int count = (int) Zcl.number(all, 9, 2);
    if (seconds == 0 || count > MOST_SAMPLES || all.length != SAMPLED_HEAD + 3 * count) {
      return Optional.empty();
    }
    long[] raw = new long[count];
    for (int i = 0; i < count; i++) {
      raw[i] = Zcl.number(all, SAMPLED_HEAD + 3 * i, 3);
    }
    return Optional.of(
        new ProfileAnswer(SmartEnergyTime.instant(Zcl.number(all, 2, 4)), seconds, raw));
  }

  /** The interval's length (D.3.2.3.1.1, table D-25); 0 where none is known by that number. */
  private static int period(int code) {
    return switch (code) {
      case 0 -> 86_400;
      case 1 -> 3_600;
      case 2 -> 1_800;
      case 3 -> 900;
      case 4 -> 600;
      case 5 -> 450;
      case 6 -> 300;
      case 7 -> 150;
      default -> 0;
    };
  }
}
