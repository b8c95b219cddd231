package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.meter.Rights;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Register;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a meter against a hostile client: any APDUs in any state are answered, each within bounds,
 * and nobody operates the relay without the key.
 */
class MeterFuzz {
  private static final DlmsKeys KEYS = DlmsKeys.of(new byte[16], new byte[16]);
  private static final int MAX_APDU = 0xFFFF;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyConversation(byte[] input) {
    boolean[] operated = {false};
    MeterAssociation meter = new MeterAssociation(device(operated), 16 + client(input));
    // two bytes of length before each APDU
    for (int at = 1, turns = 0; at + 2 <= input.length && turns < 200; turns++) {
      int length = (input[at] & 0xFF) << 8 | input[at + 1] & 0xFF;
      byte[] apdu = Arrays.copyOfRange(input, at + 2, Math.min(input.length, at + 2 + length));
      for (byte[] answer : meter.answer(apdu)) {
        assertThat(answer.length).isBetween(1, MAX_APDU);
      }
      at += 2 + length;
    }
    assertThat(operated[0]).isFalse();
  }

  private static int client(byte[] input) {
    return input.length == 0 ? 0 : (input[0] & 0xFF) % 4;
  }

  private static LogicalDevice device(boolean[] operated) {
    byte[] title = {1, 2, 3, 4, 5, 6, 7, 8};
    return new LogicalDevice(
        title,
        List.of(
            new Register(
                ObisCode.parse("1.0.1.8.0.255"),
                () -> DlmsData.OctetString.of(new byte[5_000]),
                0,
                Unit.WATT_HOUR),
            new DisconnectControl(
                ObisCode.parse("0.0.96.3.10.255"), connected -> operated[0] = true)),
        Map.of(
            16,
            ClientAccess.open(Rights.READ_ALL),
            17,
            ClientAccess.password(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, Rights.READ_ALL),
            18,
            ClientAccess.gmac(
                () ->
                    new AssociationCipher(
                        title, KEYS, SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED, () -> 1),
                Rights.EVERYTHING)));
  }

  static Stream<Arguments> seeds() {
    String open = "601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0";
    String password =
        "6036A1090607608574050801018A0207808B0760857405080201AC0A80080102030405060708BE10040E"
            + "01000000065F1F0400007E1F04B0";
    String longRead = "C001C100030100010800FF0200";
    return Stream.of(
            "",
            "00" + sized(open) + sized(longRead) + sized("C002C100000001") + sized("6200"),
            "00" + sized(open) + sized("C301C10046000060030AFF0100"),
            "00" + sized(longRead) + sized(open) + sized("C002C100000005"),
            "00"
                + sized(open)
                + sized("C102C100030100010800FF02000000000001020900")
                + sized("C103C101000000020100"),
            "01" + sized(password) + sized("C003C102000F0000280000FF020000080000010000FF0200"),
            "02" + sized(open) + sized("C301C1000F0000280000FF01010900"))
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }

  private static String sized(String apdu) {
    return "%04X".formatted(apdu.length() / 2) + apdu;
  }
}
