package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Broadcasts die away: each node tells one on once, and again only where it heard nobody do so. */
class BroadcastTest {
  private static final int METERS = 19;
  private static final int ALL_AWAKE = 0xFFFD;

  private final Map<Integer, Integer> heard = new HashMap<>();

  private Star star(int meters) {
    return new Star(meters, 0, 8, (from, at, frame) -> heard.merge(at, 1, Integer::sum));
  }

  private static void say(Star star) {
    ApsLayer centre = star.centre();
    assertThat(
            centre.send(
                ALL_AWAKE,
                new ApsFrame(
                    ApsFrame.Type.DATA,
                    true,
                    false,
                    false,
                    1,
                    0x000A,
                    0x0109,
                    1,
                    centre.nextCounter(),
                    new byte[] {1, 2, 3}),
                sent -> {}))
        .isTrue();
  }

  private static void run(Star star, long seconds) {
    star.time().advance(star.time().now() + seconds * 1_000_000);
  }

  @Test
  void eachHearsItOnceAndItDiesAway() {
    Star star = star(METERS);
    say(star);
    run(star, 3);
    assertThat(heard).hasSize(METERS).allSatisfy((who, times) -> assertThat(times).isEqualTo(1));
    long sent = star.air().sent();
    // three times each were the most; nearly all hear somebody tell it on, and are silent
    assertThat(sent).isBetween(METERS + 1L, 2L * (METERS + 1));
    run(star, 600);
    assertThat(star.air().sent()).as("nothing goes round").isEqualTo(sent);
  }

  @Test
  void aBurstDiesAwayToo() {
    Star star = star(METERS);
    for (int i = 0; i < 10; i++) {
      say(star);
    }
    run(star, 10);
    long sent = star.air().sent();
    assertThat(sent).isLessThanOrEqualTo(3L * 10 * (METERS + 1));
    assertThat(heard.values()).allMatch(times -> times <= 10);
    assertThat(heard.values().stream().mapToInt(t -> t).sum()).isGreaterThan(9 * METERS);
    run(star, 600);
    assertThat(star.air().sent()).isEqualTo(sent);
  }

  /** nwkMaxBroadcastRetries: twice more, half a second apart. */
  @Test
  void whoHearsNobodySaysItThreeTimes() {
    Star star = star(0);
    say(star);
    run(star, 600);
    assertThat(star.air().sent()).isEqualTo(3);
  }
}
