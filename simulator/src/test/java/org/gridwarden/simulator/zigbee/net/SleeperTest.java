package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.gridwarden.simulator.zigbee.meter.Battery;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that sleeps, two hops from the coordinator: what it hears, when, and what it costs. */
class SleeperTest {
  private static final int METERING = 0x0702;

  /** Asking: backoffs, listening, turning round twice, the acknowledgement; and 12 bytes sent. */
  private static final double LISTENING = 3.5 * 320 + 128 + 2 * 192 + (6 + 5) * 32;

  private static final double SENDING = (6 + 12) * 32;

  private final Rings rings = new Rings(2, 1, 0, 4);
  private final Device parent = rings.devices.getFirst();
  private final Device device = rings.devices.getLast();
  private final List<Long> arrived = new ArrayList<>();

  @BeforeEach
  void bothAreInside() {
    rings.letIn(2, 120);
    rings.run(200);
    assertThat(rings.inside()).isEqualTo(2);
    assertThat(rings.net.distance(device.aps().node(), 0)).hasValue(2);
    device.application((from, frame) -> arrived.add(rings.time.now()));
  }

  private Sleeper asleep(long seconds) {
    Sleeper sleeper = new Sleeper(device.aps(), seconds * 1_000_000);
    sleeper.begin(parent.aps().node());
    return sleeper;
  }

  private ApsFrame frame(ApsLayer from, boolean acknowledged) {
    return new ApsFrame(
        ApsFrame.Type.DATA,
        false,
        acknowledged,
        true,
        1,
        METERING,
        0x0109,
        1,
        from.nextCounter(),
        new byte[] {1, 2, 3});
  }

  /** So many to it, one at a time, at moments of their own; how long each took, in seconds. */
  private List<Double> toIt(int count) {
    List<Double> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rings.time.advance(rings.time.now() + rings.air.random().nextLong(20_000_000));
      arrived.clear();
      long sent = rings.time.now();
      assertThat(
              rings
                  .centre
                  .aps()
                  .send(
                      device.aps().node().address(), frame(rings.centre.aps(), false), told -> {}))
          .isTrue();
      rings.run(15);
      arrived.forEach(at -> delays.add((at - sent) / 1e6));
    }
    return delays;
  }

  @Test
  void askingCostsWhatTheFormulaSays() {
    Sleeper sleeper = asleep(2);
    rings.run(6_001); // not in the midst of one
    long polls = sleeper.polls();
    assertThat(polls).isBetween(2_990L, 3_001L);
    assertThat((double) sleeper.onMicros() / polls)
        .isCloseTo(LISTENING + SENDING, within(0.03 * (LISTENING + SENDING)));
    assertThat((double) sleeper.sentMicros() / polls).isCloseTo(SENDING, within(0.1));
    Battery battery = new Battery();
    double charge =
        battery.charge(sleeper.wakes(), sleeper.onMicros(), sleeper.sentMicros()) / polls;
    assertThat(charge).isCloseTo(battery.poll(), within(0.02 * battery.poll()));
    assertThat(sleeper.awake()).isFalse();
  }

  @Test
  void whatIsSentToItWaitsForHalfAnInterval() {
    Sleeper sleeper = asleep(5);
    List<Double> delays = toIt(300);
    assertThat(delays).as("each once").hasSize(300).noneMatch(d -> d > 5.1);
    assertThat(delays.stream().mapToDouble(d -> d).average().orElseThrow())
        .isCloseTo(2.5, within(0.4));
    assertThat(delays.stream().mapToDouble(d -> d).max().orElseThrow()).isGreaterThan(4.5);
    // one poll more than those at intervals for each frame that came
    assertThat(sleeper.wakes()).isLessThan(sleeper.polls() + 10);
  }

  /** A parent holds it for 7.68 s: who asks every ten loses 2.32 of ten. */
  @Test
  void whoAsksTooSeldomLosesWhatIsNotHeldSoLong() {
    var unused = asleep(10);
    List<Double> delays = toIt(600);
    assertThat(1 - delays.size() / 600.0).isCloseTo(0.232, within(0.06));
    assertThat(delays).allMatch(d -> d < 7.8);
  }

  @Test
  void itReportsAndIsAcknowledgedAndSleepsOn() {
    Sleeper sleeper = asleep(7);
    List<Boolean> told = new ArrayList<>();
    rings.time.advance(rings.time.now() + 1_500_000); // so that none is looked at while it asks
    for (int i = 0; i < 20; i++) {
      assertThat(sleeper.report(frame(device.aps(), true), told::add)).isTrue();
      rings.run(6);
      assertThat(sleeper.awake()).isFalse();
    }
    assertThat(told).hasSize(20).allMatch(t -> t);
    assertThat(rings.heard)
        .filteredOn(h -> h.frame().cluster() == METERING && h.frame().secured())
        .hasSize(20);
    // a few questions for each acknowledgement, and those at intervals
    assertThat(sleeper.polls()).isBetween(20L, 120L);
  }

  @Test
  void nobodysWayGoesThroughIt() {
    var unused = asleep(5);
    rings.air.link(
        device.aps().node().mac().station(), rings.centre.aps().node().mac().station(), 0);
    rings.net.changed();
    assertThat(rings.net.distance(device.aps().node(), 0))
        .as("it hears the coordinator, and speaks to its parent alone")
        .hasValue(2);
    assertThat(rings.net.distance(parent.aps().node(), 0)).hasValue(1);
  }
}
