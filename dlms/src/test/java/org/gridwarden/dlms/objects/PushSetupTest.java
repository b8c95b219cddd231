package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.dlu;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.octets;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.text;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.PushSetup.Sent;
import org.junit.jupiter.api.Test;

/** Class 40, versions 0 to 2. */
class PushSetupTest {
  private static final ObisCode NAME = ObisCode.parse("0.0.25.9.0.255");
  private static final ObisCode VALUE = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final CaptureObject NUMBER = CaptureObject.of(3, VALUE, 2);
  private static final DlmsData ZERO = new DlmsData.Integer8(0);

  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final List<String> sent = new ArrayList<>();
  private final List<Apdu.DataNotification> notifications = new ArrayList<>();
  private Sent answer = Sent.DONE;

  PushSetupTest() {
    bench.objects.add(new Register(VALUE, () -> dlu(42), 0, Unit.WATT_HOUR));
  }

  private PushSetup push(int version) {
    RandomGenerator half =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public int nextInt(int bound) {
            return bound / 2;
          }
        };
    return bench.objects.add(
        new PushSetup(
            NAME,
            version,
            bench.clock,
            bench.objects,
            List.of(
                RestrictedObject.of(CaptureObject.of(40, NAME, 1)), RestrictedObject.of(NUMBER)),
            new PushSetup.Destination(0, text("office:4059"), 0),
            (destination, notification) -> {
              sent.add(bench.clock.instant() + "");
              notifications.add(notification);
              return answer;
            },
            half));
  }

  private List<String> until(Clockwork clockwork, String instant) {
    bench.at(instant);
    clockwork.run();
    List<String> all = List.copyOf(sent);
    sent.clear();
    return all;
  }

  private Clockwork clockwork(PushSetup push) {
    return new Clockwork(bench.clock, List.of(push), Duration.ofDays(400));
  }

  @Test
  void attributesOfVersion0() {
    PushSetup push = push(0);
    assertThat(push.identity()).isEqualTo(new CosemObject.Identity(40, 0, NAME, 7, 1));
    assertThat(hex(push, 2))
        .isEqualTo(
            "0102"
                + ("0204" + "120028" + "09060000190900FF" + "0F01" + "120000")
                + ("0204" + "120003" + "09060100010800FF" + "0F02" + "120000"));
    // structure of 3: enum TCP, "office:4059", enum A-XDR
    assertThat(hex(push, 3)).isEqualTo("0203" + "1600" + "090B6F66666963653A34303539" + "1600");
    assertThat(hex(push, 4)).isEqualTo("0100");
    assertThat(hex(push, 5) + hex(push, 6) + hex(push, 7)).isEqualTo("120000" + "1100" + "12003C");
    accepts(push, 2, DlmsData.Array.of(NUMBER.data()));
    accepts(
        push,
        3,
        DlmsData.Structure.of(
            new DlmsData.Enumerated(200), text("x"), new DlmsData.Enumerated(128)));
    accepts(push, 5, lu(9));
    accepts(push, 6, new DlmsData.Unsigned8(3));
    accepts(push, 7, lu(5));
    refuses(push, 2, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    refuses(push, 3, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(
        push,
        3,
        DlmsData.Structure.of(new DlmsData.Enumerated(9), text("x"), new DlmsData.Enumerated(0)),
        AccessResult.OTHER_REASON);
    refuses(push, 4, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    refuses(push, 5, dlu(1), AccessResult.TYPE_UNMATCHED);
    refuses(push, 7, dlu(1), AccessResult.TYPE_UNMATCHED);
    assertThat(push.set(8, DlmsData.OctetString.of(VALUE)))
        .isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThatThrownBy(() -> push(3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void notificationGoesOutAtOnce() {
    PushSetup push = push(0);
    invokes(push, 1, ZERO);
    assertThat(sent).containsExactly("2026-11-23T10:00:00Z");
    // data-notification: invoke id 1, date-time, structure of 2: own name, 42
    assertThat(HexFormat.of().withUpperCase().formatHex(Apdus.encode(notifications.getFirst())))
        .isEqualTo(
            "0F"
                + "00000001"
                + "0C07EA0B17010B000000FFC400"
                + "0202"
                + "09060000190900FF"
                + "060000002A");
    invokes(push, 1, ZERO);
    assertThat(notifications.getLast().sequence()).isEqualTo(2);
  }

  @Test
  void retries() {
    PushSetup push = push(0);
    Clockwork clockwork = clockwork(push);
    answer = Sent.FAILED;
    accepts(push, 6, new DlmsData.Unsigned8(2));
    accepts(push, 7, lu(30));
    invokes(push, 1, ZERO);
    invokes(push, 1, ZERO);
    assertThat(until(clockwork, "2026-11-23T11:00:00Z"))
        .containsExactly("2026-11-23T10:00:00Z", "2026-11-23T10:00:30Z", "2026-11-23T10:01:00Z");
    invokes(push, 1, ZERO);
    answer = Sent.DONE;
    assertThat(until(clockwork, "2026-11-23T12:00:00Z"))
        .as("until it goes")
        .containsExactly("2026-11-23T11:00:00Z", "2026-11-23T11:00:30Z");
    assertThat(clockwork.next()).isEmpty();
  }

  @Test
  void windowsAndRandomisation() {
    PushSetup push = push(0);
    Clockwork clockwork = clockwork(push);
    accepts(push, 5, lu(600));
    // every day 12:00 to 13:00 local time
    accepts(
        push,
        4,
        DlmsData.Array.of(
            DlmsData.Structure.of(
                octets("FFFFFFFFFF0C0000FF8000FF"), octets("FFFFFFFFFF0D0000FF8000FF"))));
    invokes(push, 1, ZERO);
    assertThat(until(clockwork, "2026-11-23T11:30:00Z"))
        .as("the window opens at 11:00 UTC")
        .containsExactly("2026-11-23T11:05:00Z");
    invokes(push, 1, ZERO);
    assertThat(until(clockwork, "2026-11-23T11:58:00Z")).containsExactly("2026-11-23T11:35:00Z");
    invokes(push, 1, ZERO);
    assertThat(until(clockwork, "2026-11-24T11:58:00Z"))
        .as("it would be 12:03, when the window is closed")
        .containsExactly("2026-11-24T11:00:00Z");
    // a window that is over
    accepts(
        push,
        4,
        DlmsData.Array.of(
            DlmsData.Structure.of(time("2026-01-01T00:00:00Z"), time("2026-01-02T00:00:00Z"))));
    assertThat(push.invoke(1, Optional.of(ZERO)).result()).isEqualTo(AccessResult.OTHER_REASON);
    accepts(
        push,
        4,
        DlmsData.Array.of(
            DlmsData.Structure.of(time("2026-01-01T00:00:00Z"), time("2027-01-02T00:00:00Z"))));
    accepts(push, 5, lu(0));
    invokes(push, 1, ZERO);
    assertThat(sent).hasSize(1);
  }

  @Test
  void attributesOfVersions1And2() {
    PushSetup push = push(1);
    assertThat(push.identity()).isEqualTo(new CosemObject.Identity(40, 1, NAME, 10, 1));
    // version 1 knows restrictions: enum none, null-data
    assertThat(hex(push, 2))
        .contains(
            "0205" + "120003" + "09060100010800FF" + "0F02" + "120000" + "0202" + "1600" + "00");
    accepts(push, 8, DlmsData.OctetString.of(VALUE));
    accepts(push, 9, new DlmsData.Integer8(1));
    DlmsData layer =
        DlmsData.Structure.of(
            new DlmsData.Enumerated(2),
            DlmsData.Structure.of(text(""), text("a"), text("b"), text(""), text("")));
    accepts(push, 10, DlmsData.Array.of(layer));
    refuses(push, 10, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    refuses(push, 8, lu(1), AccessResult.TYPE_UNMATCHED);

    PushSetup two =
        new PushSetup(
            ObisCode.parse("0.1.25.9.0.255"),
            2,
            bench.clock,
            bench.objects,
            List.of(),
            new PushSetup.Destination(0, text(""), 0),
            (destination, notification) -> Sent.DONE,
            RandomGenerator.getDefault());
    assertThat(two.identity().attributes()).isEqualTo(13);
    assertThat(two.identity().methods()).isEqualTo(2);
    DlmsData restricted =
        DlmsData.Structure.of(
            lu(7),
            DlmsData.OctetString.of(PROFILE),
            new DlmsData.Integer8(2),
            lu(0),
            DlmsData.Structure.of(
                new DlmsData.Enumerated(1),
                DlmsData.Structure.of(octets("07EA0B17FF"), octets("07EA0B17FF"))),
            DlmsData.Array.of(NUMBER.data()));
    accepts(two, 2, DlmsData.Array.of(restricted));
    accepts(two, 7, DlmsData.Structure.of(lu(10), lu(200), lu(60)));
    refuses(two, 7, lu(10), AccessResult.TYPE_UNMATCHED);
    refuses(two, 7, DlmsData.Structure.of(lu(10), lu(200), lu(5)), AccessResult.OTHER_REASON);
    accepts(two, 11, new DlmsData.Enumerated(2));
    refuses(two, 11, new DlmsData.Enumerated(3), AccessResult.OTHER_REASON);
    accepts(
        two, 12, DlmsData.Structure.of(new DlmsData.DateTime(CosemDateTime.UNSPECIFIED), dlu(60)));
    assertThat(hex(two, 13)).isEqualTo("19FFFFFFFFFFFFFFFFFF8000FF");
  }

  @Test
  void confirmedPush() {
    PushSetup push = push(2);
    Clockwork clockwork = clockwork(push);
    answer = Sent.UNCONFIRMED;
    accepts(push, 11, new DlmsData.Enumerated(2));
    accepts(push, 6, new DlmsData.Unsigned8(3));
    accepts(push, 7, DlmsData.Structure.of(lu(10), lu(200), lu(30)));
    invokes(push, 1, ZERO);
    assertThat(notifications.getFirst().confirmed()).isTrue();
    assertThat(until(clockwork, "2026-11-23T10:01:30Z"))
        .as("10 s, 20 s, then at most 30 s")
        .containsExactly(
            "2026-11-23T10:00:00Z",
            "2026-11-23T10:00:10Z",
            "2026-11-23T10:00:30Z",
            "2026-11-23T10:01:00Z");
    assertThat(clockwork.next()).as("given up").isEmpty();
    invokes(push, 1, ZERO);
    push.confirmed(notifications.getLast().invokeId() + 1);
    assertThat(clockwork.next()).as("another one's").isPresent();
    push.confirmed(notifications.getLast().invokeId());
    assertThat(clockwork.next()).isEmpty();
    assertThat(get(push, 13))
        .isEqualTo(new DlmsData.DateTime(CosemDateTime.of(bench.instant(), Bench.BERLIN)));
    invokes(push, 1, ZERO);
    invokes(push, 2, ZERO);
    assertThat(clockwork.next()).as("reset").isEmpty();
    assertThat(hex(push, 13)).startsWith("19FFFF");
    sent.clear();
    accepts(push, 11, new DlmsData.Enumerated(0));
    invokes(push, 1, ZERO);
    assertThat(until(clockwork, "2026-11-23T12:00:00Z")).as("needs no confirmation").hasSize(1);
  }

  @Test
  void restrictedRowsOfAProfile() {
    DlmsData.Structure[] rows = new DlmsData.Structure[4];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          DlmsData.Structure.of(
              time("2026-11-2" + (2 + i) + "T12:00:00Z"), new DlmsData.Unsigned8(i));
    }
    bench.objects.add(
        new ProfileGeneric(
            PROFILE,
            bench.clock,
            List.of(CaptureObject.of(8, Bench.CLOCK, 2), NUMBER),
            86_400,
            4,
            () -> List.of(rows)));
    CaptureObject buffer = CaptureObject.of(7, PROFILE, 2);
    assertThat(
            new RestrictedObject(
                    buffer, 1, octets("07EA0B17FF"), octets("07EA0B18FF"), List.of(NUMBER))
                .read(bench.objects))
        .isEqualTo(
            DlmsData.Array.of(
                DlmsData.Structure.of(new DlmsData.Unsigned8(1)),
                DlmsData.Structure.of(new DlmsData.Unsigned8(2))));
    assertThat(new RestrictedObject(buffer, 2, dlu(4), dlu(4), List.of()).read(bench.objects))
        .isEqualTo(DlmsData.Array.of(rows[3]));
    assertThat(
            new RestrictedObject(
                    buffer, 0, DlmsData.NullData.of(), DlmsData.NullData.of(), List.of(NUMBER))
                .read(bench.objects))
        .isEqualTo(
            DlmsData.Array.of(
                java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> DlmsData.Structure.of(new DlmsData.Unsigned8(i)))
                    .toList()));
  }
}
