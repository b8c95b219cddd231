package org.gridwarden.dlms.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.api.Test;

class OrderInformationTest {
  static final OrderInformation ORDER =
      new OrderInformation(
          OctetString.of(HexFormat.of().parseHex("01a214fb82b77b03a15ffec1d5d727b8")),
          "GWM1",
          Instant.ofEpochSecond(1_795_687_200),
          Instant.ofEpochSecond(1_795_773_600));

  @Test
  void bytes() throws DlmsException {
    String expected =
        "0205" // a structure of five
            + "1101" // unsigned: version 1
            + "0910" // octet-string of 16: the id
            + "01a214fb82b77b03a15ffec1d5d727b8"
            + "0a04" // visible-string of 4: the meter
            + "47574d31"
            + "15" // long64-unsigned: not before 2026-11-26T10:00:00Z
            + "000000006b080320"
            + "15" // long64-unsigned: expires a day later
            + "000000006b0954a0";
    assertThat(HexFormat.of().formatHex(ORDER.bytes())).isEqualTo(expected);
    assertThat(OrderInformation.parse(ORDER.bytes())).isEqualTo(ORDER);
  }

  @Test
  void others() {
    refused(new byte[0]);
    refused(new byte[OrderInformation.LONGEST + 1]);
    byte[] more = java.util.Arrays.copyOf(ORDER.bytes(), ORDER.bytes().length + 1);
    refused(more);
    refused(structure(2, 16, "GWM1", 1, 2)); // another version
    refused(structure(1, 15, "GWM1", 1, 2));
    refused(structure(1, 16, "", 1, 2));
    refused(structure(1, 16, "GW M1", 1, 2));
    refused(structure(1, 16, "x".repeat(65), 1, 2));
    refused(structure(1, 16, "GWM1", 2, 2)); // no time
    refused(structure(1, 16, "GWM1", -1, 2)); // unsigned: the far end of time
    refused(structure(1, 16, "GWM1", 1, Long.MAX_VALUE));
    assertThatThrownBy(() ->
            new OrderInformation(
                OctetString.of(new byte[16]), "M", Instant.ofEpochSecond(-1), Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] structure(int version, int id, String meter, long from, long to) {
    return Axdr.encode(
        DlmsData.Structure.of(
            new DlmsData.Unsigned8(version),
            OctetString.of(new byte[id]),
            new DlmsData.VisibleString(meter),
            new DlmsData.Long64Unsigned(from),
            new DlmsData.Long64Unsigned(to)));
  }

  private static void refused(byte[] bytes) {
    assertThatThrownBy(() -> OrderInformation.parse(bytes)).isInstanceOf(DlmsException.class);
  }
}
