package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each attack costs, and who notices. The table in docs/zigbee.md is these. */
class AttacksTest {
  private static final int METERS = 5;
  private static final int REPORT = 0x0702;

  private final Rings rings = new Rings(METERS, METERS, 0, 3);
  private final Attacker attacker = new Attacker(rings.net);
  private final AtomicInteger failed = new AtomicInteger();

  @BeforeEach
  void theNetworkStands() {
    rings.letIn(METERS, 250);
    rings.run(60);
    assertThat(rings.inside()).isEqualTo(METERS);
    rings.air.link(attacker.station(), rings.centre.aps().node().mac().station(), 0);
    for (Device device : rings.devices) {
      rings.air.link(attacker.station(), device.aps().node().mac().station(), 0);
    }
    rings.heard.clear();
  }

  private static ApsFrame report(Device device, boolean secured, int value) {
    return new ApsFrame(
        ApsFrame.Type.DATA,
        false,
        true,
        secured,
        1,
        REPORT,
        0x0109,
        1,
        device.aps().nextCounter(),
        new byte[] {0x18, 1, 0x0A, (byte) value});
  }

  /** Each meter reports once a second. */
  private int reportFor(int seconds) {
    int sent = 0;
    for (int s = 0; s < seconds; s++) {
      for (Device device : rings.devices) {
        if (device
            .aps()
            .send(
                0,
                report(device, true, s),
                told -> {
                  if (!told) {
                    failed.incrementAndGet();
                  }
                })) {
          sent++;
        }
      }
      rings.run(1);
    }
    return sent;
  }

  private long reports() {
    return rings.heard.stream().filter(h -> h.frame().cluster() == REPORT).count();
  }

  private Watch centre() {
    return rings.centre.aps().node().watch();
  }

  @Test
  void withoutAnAttackAllArrives() {
    int sent = reportFor(20);
    rings.run(10);
    assertThat(reports()).isEqualTo(sent).isEqualTo(100);
    assertThat(failed).hasValue(0);
  }

  @Test
  @DisplayName("Jammer: nothing arrives while it lasts, the senders know, afterwards all is well")
  void jammer() {
    attacker.mood(Attacker.Mood.JAMMER);
    reportFor(10);
    rings.run(10);
    assertThat(reports()).isZero();
    assertThat(failed.get()).isEqualTo(50);
    attacker.mood(Attacker.Mood.QUIET);
    rings.run(2);
    reportFor(10);
    rings.run(10);
    assertThat(reports()).isEqualTo(50);
  }

  @Test
  @DisplayName("C1: replayer: each frame is refused and counted; nothing arrives twice")
  void replayer() {
    reportFor(10);
    rings.run(5);
    long before = reports();
    attacker.mood(Attacker.Mood.REPLAYER);
    rings.run(10);
    attacker.mood(Attacker.Mood.QUIET);
    assertThat(attacker.sent()).isGreaterThan(100);
    assertThat(reports()).isEqualTo(before);
    assertThat(centre().replayedFrames()).isGreaterThan(50);
  }

  @Test
  @DisplayName("Forger without a key: each frame is refused and counted")
  void forger() {
    Device victim = rings.devices.getFirst();
    attacker.says(Rings.PAN, victim.aps().node(), report(victim, false, 99));
    attacker.mood(Attacker.Mood.FORGER);
    rings.run(5);
    attacker.mood(Attacker.Mood.QUIET);
    rings.run(1); // what is on the air arrives
    assertThat(reports()).isZero();
    // some collide with what the network itself sends, and are never heard
    assertThat(centre().forgedFrames()).isBetween(attacker.sent() * 9 / 10, attacker.sent());
  }

  @Test
  @DisplayName(
      "C22: leaver with the network's key: what it says as another comes without the link key; a new network key shuts it out")
  void leaver() {
    Device victim = rings.devices.getFirst();
    attacker.steal(rings.centre.aps().node().key().orElseThrow());
    attacker.says(Rings.PAN, victim.aps().node(), report(victim, false, 99));
    attacker.mood(Attacker.Mood.LEAVER);
    rings.run(2);
    // it is heard: this is what the link key is for
    assertThat(rings.heard)
        .filteredOn(h -> h.frame().cluster() == REPORT)
        .isNotEmpty()
        .allMatch(h -> !h.frame().secured());
    // the victim's own counter is far below the thief's: it is shut out, and does know
    reportFor(3);
    rings.run(10);
    assertThat(failed.get()).isPositive();
    // the key is changed on the air; counters begin anew with it
    rings.centre.refreshKey(
        new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, 3_000_000, done -> {});
    rings.run(10);
    rings.heard.clear();
    failed.set(0);
    rings.run(5);
    assertThat(reports()).as("the thief is shut out").isZero();
    attacker.mood(Attacker.Mood.QUIET);
    int sent = reportFor(10);
    rings.run(10);
    assertThat(reports()).isEqualTo(sent);
    assertThat(rings.heard)
        .filteredOn(h -> h.frame().cluster() == REPORT)
        .allMatch(h -> h.frame().secured());
    assertThat(centre().forgedFrames()).isPositive();
  }

  @Test
  @DisplayName("Flooder: takes the channel; others lose what they cannot repeat, and know it")
  void flooder() {
    Device member = rings.devices.getLast();
    attacker.steal(rings.centre.aps().node().key().orElseThrow());
    attacker.says(Rings.PAN, member.aps().node(), report(member, false, 1));
    attacker.mood(Attacker.Mood.FLOODER);
    int sent = reportFor(10);
    rings.run(10);
    long arrived = rings.heard.stream().filter(h -> h.frame().secured()).count();
    assertThat(arrived).isLessThan(sent / 2);
    assertThat(failed.get()).isGreaterThan(sent / 2);
    attacker.mood(Attacker.Mood.QUIET);
  }
}
