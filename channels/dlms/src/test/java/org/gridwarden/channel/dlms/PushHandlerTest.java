package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.SecurityControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S3, S19: from an APDU to what intake gets, and to the confirm. */
class PushHandlerTest {
  private static final Instant END = Instant.parse("2026-11-24T12:15:00Z");

  private final TestOffice office = new TestOffice();
  private final Tally tally = new Tally();
  private final PushHandler handler =
      new PushHandler(
          office.host(),
          () -> new ChannelId("dlms", "test"),
          PushLayouts.builtIn(),
          TestOffice.limits(),
          office.sender(),
          tally);
  private final TestPeer peer = new TestPeer();

  private static final class TestPeer implements Peer {
    private final List<byte[]> replies = new ArrayList<>();
    private Optional<MeterId> proven = Optional.empty();
    private int open;

    @Override
    public String name() {
      return "test";
    }

    @Override
    public boolean proven(MeterId meter, org.gridwarden.dlms.LinkInfo link) {
      proven = Optional.of(meter);
      return true;
    }

    @Override
    public void begin() {
      open++;
    }

    @Override
    public void end() {
      open--;
    }

    @Override
    public boolean answers(LinkInfo link) {
      return true;
    }

    @Override
    public void reply(LinkInfo link, byte[] apdu) {
      replies.add(apdu);
    }
  }

  private boolean take(byte[] apdu) {
    try {
      return handler.take(LinkInfo.RAW, apdu, Optional.empty(), peer);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Received only() {
    assertThat(office.submitted).hasSize(1);
    return office.submitted.get(0);
  }

  private <T> T part(Class<T> type) {
    return only().content().stream().filter(type::isInstance).map(type::cast).findFirst().get();
  }

  @Test
  @DisplayName("C38: stored, then confirmed under the office's own title and counter")
  void storedAndConfirmed() {
    byte[] apdu = TestOffice.sealed(TestOffice.push(true, END), 5);
    assertThat(take(apdu)).isTrue();
    Received received = only();
    assertThat(received.how()).isEqualTo(Assurance.MAC);
    assertThat(received.raw()).isEqualTo(apdu);
    assertThat(received.id().counter()).isEqualTo(5);
    assertThat(received.id().keyId()).isEqualTo(TestOffice.KEY_ID);
    assertThat(peer.proven).contains(new MeterId("GWS00000007"));
    assertThat(peer.replies).hasSize(1);
    assertThat(peer.open).isZero();
    assertThat(TestOffice.opened(peer.replies.get(0)))
        .isInstanceOfSatisfying(
            Apdu.DataNotificationConfirm.class,
            confirm -> assertThat(confirm.invokeId()).isEqualTo(0x4000_0007L));
    byte[] title = Arrays.copyOfRange(peer.replies.get(0), 2, 10);
    assertThat(title).isNotEqualTo(TestOffice.TITLE);
  }

  @Test
  void anIntervalsClockIsItsEnd() {
    take(TestOffice.sealed(TestOffice.push(false, END.plusSeconds(2)), 5));
    Usage usage = part(Usage.class);
    assertThat(usage.slots())
        .singleElement()
        .satisfies(slot -> {
          assertThat(slot.start()).isEqualTo("2026-11-24T12:00:00Z");
          assertThat(slot.length()).isEqualTo(Duration.ofMinutes(15));
          assertThat(slot.value().raw()).isEqualTo(312);
          assertThat(slot.quality()).isEqualTo(Quality.GOOD);
        });
    assertThat(usage.momentary())
        .singleElement()
        .satisfies(volts -> assertThat(volts.value().toString()).isEqualTo("230.1 V"));
    assertThat(part(Billing.class).registers())
        .singleElement()
        .satisfies(register -> assertThat(register.value().raw()).isEqualTo(1_234_567));
    assertThat(peer.replies).as("unconfirmed").isEmpty();
  }

  @Test
  void midnightBelongsToTheDayBefore() {
    Instant midnight = Instant.parse("2026-11-23T23:00:00Z");
    take(TestOffice.sealed(TestOffice.profile(List.of(midnight, midnight.plusSeconds(900)), 1), 6));
    assertThat(part(Usage.class).slots())
        .extracting(slot -> slot.start().atZone(TestOffice.ZONE).toLocalDate().toString())
        .containsExactly("2026-11-23", "2026-11-24");
    assertThat(part(Usage.class).slots())
        .allMatch(slot -> slot.quality() == Quality.POWER_DOWN, "status bit 0 of this profile");
  }

  @Test
  void theSameBytesAreConfirmedAgainUnderAFreshCounter() {
    byte[] apdu = TestOffice.sealed(TestOffice.push(true, END), 5);
    take(apdu);
    take(apdu);
    assertThat(peer.replies).hasSize(2);
    assertThat(peer.replies.get(0)).isNotEqualTo(peer.replies.get(1));
    assertThat(tally.of(Tally.What.DUPLICATE)).isEqualTo(1);
  }

  @Test
  void aWrongKeyOrAFlippedBitIsRefusedWithoutAWord() {
    DlmsKeys wrong = DlmsKeys.of(new byte[16], TestOffice.AUTHENTICATION);
    assertThat(
            take(
                TestOffice.sealed(
                    TestOffice.push(true, END),
                    5,
                    TestOffice.TITLE,
                    SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
                    wrong)))
        .isFalse();
    byte[] apdu = TestOffice.sealed(TestOffice.push(true, END), 5);
    for (int i = 12; i < apdu.length; i += 7) {
      byte[] flipped = apdu.clone();
      flipped[i] ^= 1;
      take(flipped);
    }
    assertThat(office.submitted).isEmpty();
    assertThat(peer.replies).isEmpty();
    assertThat(peer.proven).isEmpty();
    assertThat(tally.of(Tally.What.UNAUTHENTICATED)).isPositive();
  }

  @Test
  void anUnknownMeterWaitsAndIsNotConfirmed() {
    byte[] stranger = {'X', 'Y', 'Z', 0, 0, 0, 0, 1};
    take(
        TestOffice.sealed(
            TestOffice.push(true, END),
            5,
            stranger,
            SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
            TestOffice.keys()));
    assertThat(only().id().meter()).isEqualTo(new MeterId("58595A0000000001"));
    assertThat(only().content()).isEmpty();
    assertThat(only().id().counter()).isEqualTo(-1);
    assertThat(peer.replies).isEmpty();
    assertThat(tally.of(Tally.What.WAITING)).isEqualTo(1);
  }

  @Test
  void encryptedOnlyIsTakenByPolicyMarkedAndUncounted() {
    byte[] apdu =
        TestOffice.sealed(
            TestOffice.push(true, END),
            5,
            TestOffice.TITLE,
            SecurityControl.of(0, false, true, false),
            TestOffice.keys());
    take(apdu);
    assertThat(office.submitted).as("against the meter's policy").isEmpty();
    office.policy = Meter.PushPolicy.ENCRYPTED;
    take(apdu);
    assertThat(only().how()).isEqualTo(Assurance.NONE);
    assertThat(only().id().counter()).isEqualTo(-1);
    assertThat(part(Usage.class).slots())
        .allMatch(slot -> slot.quality() == Quality.UNAUTHENTICATED);
    assertThat(peer.proven).isEmpty();
  }

  @Test
  void theBroadcastKeyProvesNobody() {
    take(
        TestOffice.sealed(
            TestOffice.push(true, END),
            5,
            TestOffice.TITLE,
            SecurityControl.of(0, true, true, true),
            TestOffice.keys().withBroadcast(TestOffice.ENCRYPTION)));
    assertThat(office.submitted).isEmpty();
  }

  @Test
  void aPlainPushNeedsAPolicyAndAName() {
    Apdu.DataNotification anonymous = TestOffice.push(true, END);
    Apdu.DataNotification named =
        new Apdu.DataNotification(
            0x4000_0001L,
            Optional.empty(),
            org.gridwarden.dlms.DlmsData.Structure.of(
                org.gridwarden.dlms.DlmsData.Structure.of(
                    org.gridwarden.dlms.DlmsData.OctetString.of(
                        org.gridwarden.cosem.ObisCode.parse("0.0.96.1.0.255")),
                    new org.gridwarden.dlms.DlmsData.VisibleString("GWS00000007")),
                TestOffice.value("1.0.32.7.0.255", 2_301, -1, 35)));
    take(Apdus.encode(named));
    assertThat(office.submitted).isEmpty();
    office.policy = Meter.PushPolicy.PLAIN;
    take(Apdus.encode(anonymous));
    assertThat(office.submitted).isEmpty();
    take(Apdus.encode(named));
    assertThat(only().id().keyId()).isEmpty();
    assertThat(part(Usage.class).momentary())
        .singleElement()
        .satisfies(volts -> {
          assertThat(volts.at()).isEqualTo(TestOffice.NOW);
          assertThat(volts.quality()).isEqualTo(Quality.UNAUTHENTICATED);
        });
    assertThat(peer.replies).hasSize(1);
  }

  @Test
  @DisplayName("C36: a wrong clock is told beside the data")
  void clockSkew() {
    take(TestOffice.sealed(TestOffice.push(true, END.minusSeconds(7200)), 5));
    assertThat(part(Warning.class))
        .satisfies(warning -> {
          assertThat(warning.code()).isEqualTo("clock.skew");
          assertThat(warning.severity()).isEqualTo(Severity.ATTENTION);
          assertThat(warning.text()).contains("-7202 s");
        });
    assertThat(part(Usage.class).slots()).hasSize(1);
    assertThat(peer.replies).hasSize(1);
  }

  @Test
  @DisplayName("C36: yesterday's profile names its rows' times and is no wrong clock")
  void profileIsNoSkew() {
    Instant yesterday = END.minusSeconds(86_400);
    take(
        TestOffice.sealed(
            TestOffice.profile(List.of(yesterday, yesterday.plusSeconds(900)), 0), 6));
    assertThat(only().content()).noneMatch(Warning.class::isInstance);
    assertThat(part(Usage.class).slots()).hasSize(2);
  }

  @Test
  void anAlarmBecomesAWarningWithOneIdentity() {
    byte[] apdu = TestOffice.sealed(TestOffice.event(40), 9);
    take(apdu);
    Warning first = part(Warning.class);
    assertThat(first.code()).isEqualTo("tamper.terminal-cover");
    assertThat(first.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(first.id().value().version()).isEqualTo(7);
    office.submitted.clear();
    take(apdu);
    assertThat(part(Warning.class).id()).isEqualTo(first.id());
  }

  @Test
  void whatIsNoPushIsRefused() {
    take(Apdus.encode(new Apdu.DataNotificationConfirm(1, Optional.empty())));
    take(HexFormat.of().parseHex("c001c100080000010000ff0200")); // a whole get-request
    take(new byte[] {(byte) 0xC0, 1, (byte) 0xC1, 0}); // a part of one
    take(new byte[] {0x0F});
    take(new byte[0]);
    assertThat(office.submitted).isEmpty();
    assertThat(tally.of(Tally.What.MALFORMED)).isEqualTo(3);
  }
}
