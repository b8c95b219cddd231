package org.gridwarden.simulator.zigbee.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Beacons and reserved slots: how long a frame waits for its turn. The table in docs/zigbee.md is
 * these.
 */
class ReservedSlotsTest {
  private static final int PAN = 7;
  private static final int CONTENDERS = 12;
  private static final int FRAMES = 300;
  private static final int HEADER = 11; // addresses, numbers and checksum

  private final Timeline time = new Timeline();
  private final Air air = new Air(time, new Random(17));
  private final List<BeaconDevice> devices = new ArrayList<>();
  private int received;

  /** What became of one device's frames: how long each took from being asked for to its end. */
  private static final class Waits {
    private final List<Long> acknowledged = new ArrayList<>();
    private int failed;

    long longest() {
      return acknowledged.stream().mapToLong(Long::longValue).max().orElseThrow();
    }
  }

  private BeaconCentre centre(Superframe superframe) {
    BeaconCentre centre = new BeaconCentre(air, PAN, superframe, frame -> received++);
    air.time().after(1_000, centre::start);
    return centre;
  }

  private BeaconDevice device(BeaconCentre centre, int address) {
    BeaconDevice device = new BeaconDevice(air, PAN, address);
    air.link(device.station(), centre.station(), 0);
    devices.forEach(d -> air.link(device.station(), d.station(), 0));
    devices.add(device);
    return device;
  }

  /** One frame after the other, each at a moment of its own. */
  private void sendSome(
      BeaconDevice from, int bytes, boolean reserved, long pause, int left, Waits into) {
    if (left == 0) {
      return;
    }
    time.after(
        air.random().nextLong(pause),
        () -> {
          long asked = time.now();
          from.send(
              new byte[bytes - HEADER],
              reserved,
              told -> {
                if (told) {
                  into.acknowledged.add(time.now() - asked);
                } else {
                  into.failed++;
                }
                sendSome(from, bytes, reserved, pause, left - 1, into);
              });
        });
  }

  @Test
  void timeIsPartedAsTheStandardSays() {
    assertThat(new Superframe(0, 0).interval()).isEqualTo(15_360);
    assertThat(new Superframe(14, 0).interval()).isEqualTo(251_658_240);
    assertThat(new Superframe(3, 2).slot()).isEqualTo(3_840);
    // 440 symbols stay for all: eight slots of 960 us, four of 1,920, one of 7,680
    assertThat(new Superframe(0, 0).reservable()).isEqualTo(8);
    assertThat(new Superframe(1, 1).reservable()).isEqualTo(12);
    assertThat(new Superframe(3, 3).reservable()).isEqualTo(15);
    // 100 bytes: 3,392 us, turning round, 352 us, the long pause
    assertThat(Superframe.exchange(100)).isEqualTo(3_392 + 192 + 352 + 640);
    assertThat(Superframe.exchange(18)).isEqualTo(768 + 192 + 352 + 192);
    assertThatThrownBy(() -> new Superframe(1, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEighthDeviceGetsNoneAndSomeTimeStaysForAll() {
    BeaconCentre many = centre(new Superframe(3, 3));
    for (int i = 1; i <= 7; i++) {
      assertThat(many.reserve(i, 1)).isTrue();
    }
    assertThat(many.reserve(8, 1)).isFalse();
    BeaconCentre shortest = centre(new Superframe(0, 0));
    assertThat(shortest.reserve(1, 5)).isTrue();
    assertThat(shortest.reserve(2, 4)).isFalse();
    assertThat(shortest.reserve(2, 3)).isTrue();
    assertThat(shortest.reserve(3, 1)).isFalse();
  }

  /**
   * Whoever has slots waits for a beacon's interval and its own slots at most, whatever the others
   * do; of frames as long as a report under both keys, how many devices can have 15 ms, 61 ms and
   * 123 ms.
   */
  @ParameterizedTest
  @DisplayName(
      "S24: a reserved slot's delay is bounded by the beacons' interval, while others crowd")
  @CsvSource({"0,100,1", "0,47,2", "0,18,4", "1,100,4", "2,100,7", "3,100,7"})
  void whoHasASlotWaitsForABeaconAtMost(int order, int bytes, int having) {
    Superframe superframe = new Superframe(order, order);
    BeaconCentre centre = centre(superframe);
    int slots = superframe.slotsFor(bytes);
    List<Waits> waits = new ArrayList<>();
    for (int i = 1; i <= having; i++) {
      assertThat(centre.reserve(i, slots)).as("device " + i).isTrue();
      Waits mine = new Waits();
      waits.add(mine);
      sendSome(device(centre, i), bytes, true, 2 * superframe.interval(), FRAMES, mine);
    }
    assertThat(centre.reserve(99, slots)).as("one more").isFalse();
    Waits crowd = new Waits();
    for (int i = 0; i < CONTENDERS; i++) {
      sendSome(device(centre, 100 + i), 30, false, superframe.interval(), FRAMES, crowd);
    }
    time.advance(3_000 * superframe.interval());
    for (Waits mine : waits) {
      assertThat(mine.failed).isZero();
      assertThat(mine.acknowledged).hasSize(FRAMES);
      assertThat(mine.longest())
          .isLessThanOrEqualTo(superframe.interval() + slots * superframe.slot());
    }
    assertThat(crowd.longest() > superframe.interval() || crowd.failed > 0)
        .as("who has none waits longer, or gives up")
        .isTrue();
    assertThat(received).isGreaterThanOrEqualTo(having * FRAMES);
  }
}
