package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a client that may do everything writes any values, invokes any methods and selects anything
 * on any object of a meter: nothing throws, all attributes can still be read, and time goes on.
 */
class ReferenceMeterFuzz {
  private static final Instant BEGIN = Instant.parse("2026-03-28T20:00:00Z");
  private static final int MOST_STEPS = 20;
  private static final int WRITE = 0;
  private static final int INVOKE = 1;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anything(byte[] input) {
    Instant[] now = {BEGIN};
    ReferenceMeter meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                "FUZZ", () -> now[0], Bench.BERLIN, EnergySource.steady(BEGIN, 1_000)));
    List<CosemObject> objects = meter.objects().all();
    // what, object, attribute or method or selector, length, value
    for (int at = 0, steps = 0; at + 4 <= input.length && steps < MOST_STEPS; steps++) {
      CosemObject object = objects.get((input[at + 1] & 0xFF) % objects.size());
      int index = input[at + 2];
      int end = Math.min(input.length, at + 4 + (input[at + 3] & 0xFF));
      Optional<DlmsData> value = value(Arrays.copyOfRange(input, at + 4, end));
      switch (input[at] & 3) {
        case WRITE -> value.ifPresent(v -> object.set(index, v));
        case INVOKE -> object.invoke(index, value);
        default ->
            value.ifPresent(
                v -> readable(object.get(2, Optional.of(new Selection(index & 0xFF, v)))));
      }
      for (int i = 2; i <= object.identity().attributes(); i++) {
        readable(object.get(i, Optional.empty()));
      }
      now[0] = now[0].plus(Duration.ofMinutes(7));
      meter.clockwork().run();
      at = end;
    }
    now[0] = now[0].plus(Duration.ofHours(6));
    meter.clockwork().run();
    assertThat(meter.clock().trueTime()).isEqualTo(now[0]);
  }

  private static void readable(Outcome outcome) {
    if (outcome instanceof Outcome.Value(DlmsData data)) {
      assertThat(Axdr.encode(data)).isNotEmpty();
    }
  }

  private static Optional<DlmsData> value(byte[] bytes) {
    try {
      return Optional.of(Axdr.decode(bytes));
    } catch (DlmsException e) {
      return Optional.empty();
    }
  }

  /** Each attribute as it is, written back; each method with 0. */
  static Stream<Arguments> seeds() {
    ReferenceMeter meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                "SEED", () -> BEGIN, Bench.BERLIN, EnergySource.steady(BEGIN, 1_000)));
    Stream.Builder<Arguments> seeds = Stream.builder();
    List<CosemObject> objects = meter.objects().all();
    for (int o = 0; o < objects.size(); o++) {
      for (int i = 2; i <= objects.get(o).identity().attributes(); i++) {
        if (objects.get(o).get(i, Optional.empty()) instanceof Outcome.Value(DlmsData data)) {
          byte[] value = Axdr.encode(data);
          if (value.length < 256) {
            seeds.add(seed(WRITE, o, i, value));
          }
        }
      }
      for (int i = 1; i <= objects.get(o).identity().methods(); i++) {
        seeds.add(seed(INVOKE, o, i, new byte[] {0x0F, 0}));
      }
    }
    // schedule: every minute; limiter and monitor: the power
    seeds.add(
        seed(
            2,
            13,
            2,
            HexFormat.of().parseHex("0204" + "0600000001" + "0600000003" + "120001" + "120000")));
    return seeds.build();
  }

  private static Arguments seed(int what, int object, int index, byte[] value) {
    byte[] all = new byte[4 + value.length];
    all[0] = (byte) what;
    all[1] = (byte) object;
    all[2] = (byte) index;
    all[3] = (byte) value.length;
    System.arraycopy(value, 0, all, 4, value.length);
    return Arguments.of((Object) all);
  }
}
