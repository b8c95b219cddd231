package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.message.listener.Tally;
import org.junit.jupiter.api.Test;

/** What a meter that was silent is asked. */
class ProfilesTest {
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final Known DEVICE =
      Known.unknown(new Eui64(1)).expected(METER).joined(5).reporting(1, 1_000, 1);
  private static final Instant NOW = Instant.parse("2026-11-26T12:07:00Z");
  private static final Instant LAST = Instant.parse("2026-11-26T12:00:00Z");
  private static final int QUARTER = 900;

  private final List<Integer> asked = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private boolean profile = true;
  private int sampled;

  private final Profiles profiles =
      new Profiles(
          (meter, cluster, command, payload) -> {
            asked.add(command);
            return Optional.of(answer(command, payload));
          },
          (from, meter, frame, content) -> content.forEach(m -> slots.addAll(((Usage) m).slots())),
          new Tally());

  /** A meter whose quarter-hours are 10 Wh each. */
  private Zcl answer(int command, byte[] payload) {
    Zcl.Out out = new Zcl.Out();
    switch (command) {
      case ProfileAnswer.GET_PROFILE -> {
        if (!profile) {
          return new Zcl(false, true, 1, Zcl.DEFAULT_RESPONSE, new byte[] {0, (byte) 0x81});
        }
        long end = Zcl.number(payload, 1, 4);
        int count = payload[5];
        out.number(4, end - Math.floorMod(end, QUARTER)).number(1, 0).number(1, 3).number(1, count);
        for (int i = 0; i < count; i++) {
          out.number(3, 10);
        }
        return new Zcl(true, true, 1, ProfileAnswer.PROFILE, out.done());
      }
      case ProfileAnswer.START_SAMPLING -> {
        return new Zcl(true, true, 1, ProfileAnswer.SAMPLING_STARTED, new byte[] {7, 0});
      }
      default -> {
        assertThat(payload[0]).isEqualTo((byte) 7);
        int count = Math.min(sampled, ProfileAnswer.MOST_SAMPLES);
        sampled -= count;
        long from = Math.ceilDiv(Zcl.number(payload, 2, 4), QUARTER) * QUARTER;
        out.number(2, 7).number(4, from).number(1, 0).number(2, QUARTER).number(2, count);
        for (int i = 0; i < count; i++) {
          out.number(3, 10);
        }
        return new Zcl(true, true, 1, ProfileAnswer.SAMPLED, out.done());
      }
    }
  }

  @Test
  void aGapIsFilledFromItsEnd() throws InterruptedException {
    profiles.fetch(DEVICE, METER, NOW.minusSeconds(10 * 3_600), NOW); // 40 quarter-hours
    assertThat(asked).as("21 at a time").hasSize(2);
    assertThat(slots).hasSize(42).doesNotHaveDuplicates();
    assertThat(slots.stream().map(Slot::start))
        .contains(LAST.minusSeconds(QUARTER), LAST.minusSeconds(40 * QUARTER))
        .doesNotContain(LAST);
  }

  @Test
  void aLongSilenceIsFilledForTwoDays() throws InterruptedException {
    profiles.fetch(DEVICE, METER, NOW.minusSeconds(30 * 86_400), NOW);
    assertThat(asked).hasSize(10);
    assertThat(slots).hasSize(210);
  }

  @Test
  void whoKeepsNoProfileTakesSamplesForTheNextTime() throws InterruptedException {
    profile = false;
    profiles.fetch(DEVICE, METER, NOW.minusSeconds(3_600), NOW);
    assertThat(slots).isEmpty();
    assertThat(asked).containsExactly(ProfileAnswer.GET_PROFILE, ProfileAnswer.START_SAMPLING);
    sampled = 23; // until noon
    asked.clear();
    profiles.fetch(DEVICE, METER, NOW.minusSeconds(6 * 3_600), NOW);
    assertThat(asked).contains(ProfileAnswer.GET_SAMPLED).doesNotContain(ProfileAnswer.GET_PROFILE);
    assertThat(slots).hasSize(23).doesNotHaveDuplicates();
  }
}
