package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import org.gridwarden.core.ApduReader;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Usage;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Notifications inside the messages of other channels. */
class CarriedApdusTest {
  private static final Instant END = Instant.parse("2026-11-24T12:15:00Z");

  private final TestOffice office = new TestOffice();
  private final ApduReader reader = ServiceLoader.load(ApduReader.class).findFirst().orElseThrow();

  private List<Message> read(byte[] apdu) throws ChannelException {
    return reader.read(office.host(), office.meter(), apdu);
  }

  private static void isThePush(List<Message> content) {
    assertThat(content)
        .first()
        .isInstanceOfSatisfying(
            Usage.class,
            usage -> {
              assertThat(usage.slots())
                  .singleElement()
                  .satisfies(slot -> {
                    assertThat(slot.start()).isEqualTo("2026-11-24T12:00:00Z");
                    assertThat(slot.value().raw()).isEqualTo(312);
                    assertThat(slot.quality()).as("its message is").isEqualTo(Quality.GOOD);
                  });
              assertThat(usage.momentary()).hasSize(1);
            });
  }

  @Test
  void isReadInTheClearAndUnderItsOwnCipher() throws ChannelException {
    isThePush(read(Apdus.encode(TestOffice.push(false, END))));
    isThePush(read(TestOffice.sealed(TestOffice.push(true, END), 5)));
    assertThat(office.submitted).as("that is its channel's").isEmpty();
    assertThat(office.reserved.get()).as("nothing is confirmed under the office's key").isOne();
  }

  /** Its message is under a key, whatever the policy says of pushes without one. */
  @Test
  void encryptedOnlyIsAsGoodAsItsMessage() throws ChannelException {
    office.policy = Meter.PushPolicy.AUTHENTICATED;
    isThePush(
        read(
            TestOffice.sealed(
                TestOffice.push(false, END),
                5,
                TestOffice.TITLE,
                SecurityControl.of(0, false, true, false),
                TestOffice.keys())));
  }

  @Test
  @DisplayName("C22: an APDU of another meter, or under another key, is not the message's meter's")
  void isTheMetersOwn() {
    byte[] stranger = {'X', 'Y', 'Z', 0, 0, 0, 0, 1};
    SecurityControl control = SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED;
    DlmsKeys wrong = DlmsKeys.of(new byte[16], TestOffice.AUTHENTICATION);
    for (byte[] apdu :
        List.of(
            TestOffice.sealed(TestOffice.push(true, END), 5, stranger, control, TestOffice.keys()),
            TestOffice.sealed(TestOffice.push(true, END), 5, TestOffice.TITLE, control, wrong),
            Apdus.encode(TestOffice.named("GWS00000008", END)))) {
      refuses(apdu, Fault.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void whatIsNoNotificationIsMalformed() {
    for (String hex : List.of("", "0f", "0f40000000", "c001c100080000010000ff0200")) {
      refuses(HexFormat.of().parseHex(hex), Fault.Code.MALFORMED);
    }
  }

  private void refuses(byte[] apdu, Fault.Code code) {
    assertThatThrownBy(() -> read(apdu))
        .isInstanceOfSatisfying(
            ChannelException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
  }
}
