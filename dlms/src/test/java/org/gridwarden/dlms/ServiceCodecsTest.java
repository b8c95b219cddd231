package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.LinkVectors.hex;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessService.Specification;
import org.gridwarden.dlms.ShortNameService.Read;
import org.gridwarden.dlms.ShortNameService.Variable;
import org.gridwarden.dlms.ShortNameService.Written;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ACCESS, short names and general block transfer, byte by byte (IEC 62056-5-3, clause 9.5). */
class ServiceCodecsTest {
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");
  private static final ObisCode CALENDAR = ObisCode.parse("0.0.13.0.0.255");
  private static final AttributeRef TIME = new AttributeRef(8, CLOCK, 2);
  private static final DlmsData SEVEN = new DlmsData.Unsigned8(7);

  private static Service.Selected whole(AttributeRef attribute) {
    return new Service.Selected(attribute, Optional.empty());
  }

  static Stream<Arguments> apdus() {
    return Stream.of(
        Arguments.of(
            "D9" // access-request
                + "40000001" // confirmed, invoke id 1
                + "00" // no date-time
                + "05" // five things
                + "01"
                + "0008"
                + "0000010000FF"
                + "02" // get the clock's time
                + "02"
                + "0008"
                + "0000010000FF"
                + "02" // set it
                + "03"
                + "0046"
                + "000060030AFF"
                + "01" // disconnect
                + "04"
                + "0008"
                + "0000010000FF"
                + "02"
                + "02"
                + "1107" // get, selector 2 of 7
                + "05"
                + "0008"
                + "0000010000FF"
                + "02"
                + "02"
                + "1107" // set, selector 2 of 7
                + "05"
                + "00"
                + "1107"
                + "0F00"
                + "00"
                + "1107", // a value for each
            new AccessService.Request(
                AccessService.CONFIRMED | 1,
                Optional.empty(),
                List.of(
                    new Specification.Get(whole(TIME)),
                    new Specification.Set(whole(TIME)),
                    new Specification.Action(new MethodRef(70, RELAY, 1)),
                    new Specification.Get(
                        new Service.Selected(TIME, Optional.of(new Selection(2, SEVEN)))),
                    new Specification.Set(
                        new Service.Selected(TIME, Optional.of(new Selection(2, SEVEN))))),
                List.of(
                    DlmsData.NullData.of(),
                    SEVEN,
                    new DlmsData.Integer8(0),
                    DlmsData.NullData.of(),
                    SEVEN))),
        Arguments.of(
            "DA" // access-response
                + "40000001" // invoke id 1
                + "0C"
                + "07EA0B19"
                + "03"
                + "03230000"
                + "003C00" // Wednesday, 25 November 2026
                + "00" // the request is not repeated
                + "03"
                + "1107"
                + "00"
                + "00" // a value for each
                + "03"
                + "0100"
                + "0203"
                + "030C", // read; write denied; type unmatched
            new AccessService.Response(
                AccessService.CONFIRMED | 1,
                Optional.of(CosemDateTime.of(hex("07EA0B190303230000003C00"), 0)),
                Optional.empty(),
                List.of(SEVEN, DlmsData.NullData.of(), DlmsData.NullData.of()),
                List.of(
                    new AccessService.Result(1, AccessResult.SUCCESS),
                    new AccessService.Result(2, AccessResult.READ_WRITE_DENIED),
                    new AccessService.Result(3, AccessResult.TYPE_UNMATCHED)))),
        Arguments.of(
            "DA"
                + "50000001"
                + "00" // self-descriptive
                + "01"
                + "01"
                + "01"
                + "0008"
                + "0000010000FF"
                + "02" // the request again
                + "01"
                + "1107"
                + "01"
                + "0100",
            new AccessService.Response(
                AccessService.CONFIRMED | AccessService.SELF_DESCRIPTIVE | 1,
                Optional.empty(),
                Optional.of(List.of(new Specification.Get(whole(TIME)))),
                List.of(SEVEN),
                List.of(new AccessService.Result(1, AccessResult.SUCCESS)))),
        Arguments.of(
            "05" // read-request
                + "04" // of four
                + "02"
                + "FA08" // object_list of the current association
                + "04"
                + "2BC8"
                + "02"
                + "1107" // 0x2BC8, selector 2 of 7
                + "05"
                + "0003" // the block after 3
                + "06"
                + "01"
                + "0002"
                + "03"
                + "AABBCC", // the last block of a long question
            new ShortNameService.ReadRequest(
                List.of(
                    new Variable.Name(0xFA08),
                    new Variable.Parameterized(0x2BC8, new Selection(2, SEVEN)),
                    new Variable.BlockNumber(3),
                    new Variable.ReadBlock(true, 2, DlmsData.OctetString.of(hex("AABBCC")))))),
        Arguments.of(
            "0C" // read-response
                + "04" // of four
                + "00"
                + "1107" // data
                + "01"
                + "03" // denied
                + "02"
                + "00"
                + "0001"
                + "02"
                + "1107" // block 1 of a long answer
                + "03"
                + "0002", // block 2 of the question was taken
            new ShortNameService.ReadResponse(
                List.of(
                    new Read.Whole(new Outcome.Value(SEVEN)),
                    new Read.Whole(new Outcome.Refused(AccessResult.READ_WRITE_DENIED)),
                    new Read.Block(false, 1, DlmsData.OctetString.of(hex("1107"))),
                    new Read.BlockTaken(2)))),
        Arguments.of(
            "06" // write-request
                + "02"
                + "02"
                + "2BC8"
                + "07"
                + "01"
                + "0002" // a name; block 2, the last
                + "02"
                + "1107"
                + "0902AABB", // a value for each
            new ShortNameService.WriteRequest(
                List.of(new Variable.Name(0x2BC8), new Variable.WriteBlock(true, 2)),
                List.of(SEVEN, DlmsData.OctetString.of(hex("AABB"))))),
        Arguments.of(
            "0D" // write-response
                + "03"
                + "00"
                + "0103"
                + "020002", // success; denied; block 2 taken
            new ShortNameService.WriteResponse(
                List.of(
                    new Written.Whole(AccessResult.SUCCESS),
                    new Written.Whole(AccessResult.READ_WRITE_DENIED),
                    new Written.BlockTaken(2)))),
        Arguments.of(
            "16" + "01" + "02" + "2BC8" + "01" + "1107", // unconfirmed-write-request
            new ShortNameService.UnconfirmedWriteRequest(
                List.of(new Variable.Name(0x2BC8)), List.of(SEVEN))),
        Arguments.of(
            "18" // information-report-request
                + "01"
                + "0F"
                + "32303236313132353033333530305A" // 20261125033500Z
                + "01"
                + "02"
                + "2BC8"
                + "01"
                + "1107",
            new ShortNameService.InformationReportRequest(
                Optional.of("20261125033500Z"),
                List.of(new Variable.Name(0x2BC8)),
                List.of(SEVEN))),
        Arguments.of(
            "E0" // general-block-transfer
                + "C5" // last, streaming, window 5
                + "0002"
                + "0001" // block 2, theirs taken up to 1
                + "03"
                + "AABBCC",
            new BlockTransfer(true, true, 5, 2, 1, DlmsData.OctetString.of(hex("AABBCC")))));
  }

  @ParameterizedTest
  @DisplayName("each APDU is read as it is meant, and written as it was")
  @MethodSource("apdus")
  void bothWays(String bytes, Apdu apdu) throws DlmsException {
    assertThat(Apdus.decode(hex(bytes))).isEqualTo(apdu);
    assertThat(hex(Apdus.encode(apdu))).isEqualTo(bytes.toLowerCase(java.util.Locale.ROOT));
  }

  @ParameterizedTest
  @DisplayName("C39 what is cut short or of no known kind is refused")
  @MethodSource("apdus")
  void cutShort(String bytes, Apdu apdu) {
    byte[] all = hex(bytes);
    for (int length = 1; length < all.length; length++) {
      byte[] part = java.util.Arrays.copyOf(all, length);
      assertThatThrownBy(() -> Apdus.decode(part)).isInstanceOf(DlmsException.class);
    }
    assertThat(apdu.name()).isNotEmpty();
  }

  @ParameterizedTest
  @DisplayName("C39 kinds that are not defined, and counts that cannot be, are refused")
  @ValueSource(
      strings = {
        "D94000000100" + "01" + "06" + "00080000010000FF02" + "0100", // access of kind 6
        "DA40000001000001" + "1107" + "01" + "0400", // a response of kind 4
        "D940000001" + "0B", // a date-time of 11 bytes
        "0501" + "03" + "0000", // detailed-access
        "0C01" + "04", // a read result of kind 4
        "0D01" + "03", // a write result of kind 3
        "0584FFFFFFFF", // four thousand million variables
        "1801" + "7F" + "30", // a time longer than what is there
        "E0400001000084FFFFFFFF" // a block of four thousand million bytes
      })
  void undefined(String bytes) {
    assertThatThrownBy(() -> Apdus.decode(hex(bytes))).isInstanceOf(DlmsException.class);
  }

  @Test
  @DisplayName("each published service APDU is read, and written as it was")
  void published() throws DlmsException {
    int count = 0;
    for (String line : LinkVectors.text("services-python-dlms-cosem.txt").lines().toList()) {
      if (!line.startsWith("#")) {
        String bytes = line.substring(line.indexOf(' ') + 1);
        assertThat(hex(Apdus.encode(Apdus.decode(hex(bytes))))).as(line).isEqualTo(bytes);
        count++;
      }
    }
    assertThat(count).isEqualTo(27);
  }

  @Test
  @DisplayName("the Green Book's Table 41: two reads and two writes by ACCESS")
  void table41() throws DlmsException {
    String line =
        LinkVectors.text("services-python-dlms-cosem.txt")
            .lines()
            .filter(l -> l.startsWith("Table_41"))
            .findFirst()
            .orElseThrow();
    var request = (AccessService.Request) Apdus.decode(hex(line.substring(9)));
    assertThat(request.confirmed()).isTrue();
    assertThat(request.specifications())
        .containsExactly(
            new Specification.Get(whole(new AttributeRef(1, ObisCode.parse("0.0.96.1.0.255"), 2))),
            new Specification.Get(whole(TIME)),
            new Specification.Set(whole(new AttributeRef(20, CALENDAR, 7))),
            new Specification.Set(whole(new AttributeRef(20, CALENDAR, 8))));
    assertThat(request.data()).hasSize(4);
  }
}
