package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.gridwarden.dlms.DlmsData.TypeDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A-XDR values, from the standard and from other stacks' tests (source named at each). */
class AxdrTest {
  @ParameterizedTest
  @CsvSource({
    // pwitab/dlms-cosem @ dc41293 tests/test_a_xdr.py (MIT): LTE quality of service, GSM cell info
    "02051202d0120ca81112111e0fc0, structure",
    "0207060000000012000011001100120000120000120000, structure",
    // epri-dev/DLMS-COSEM @ cfbb67f test/UnitTest-Interfaces-COSEMData.cpp (BSD-3-Clause)
    "04082a, bit-string",
    "05fe93ba98, double-long",
    "0600539343, double-long-unsigned",
    "090401020304, octet-string",
    "0a0454455354, visible-string",
    "108a55, long"
  })
  void otherStacksValuesDecodeAndEncodeBack(String hex, String type) throws DlmsException {
    DlmsData data = Axdr.decode(hex(hex));
    assertThat(data.typeName()).isEqualTo(type);
    assertThat(Axdr.encode(data)).isEqualTo(hex(hex));
  }

  @Test
  void valuesAreTheNumbersTheyStandFor() throws DlmsException {
    assertThat(Axdr.decode(hex("05fe93ba98"))).isEqualTo(new DlmsData.DoubleLong(-23872872));
    assertThat(Axdr.decode(hex("108a55"))).isEqualTo(new DlmsData.Long16(-30123));
    assertThat(Axdr.decode(hex("0600539343"))).isEqualTo(new DlmsData.DoubleLongUnsigned(5477187));
    assertThat(Axdr.decode(hex("04082a"))).hasToString("00101010");
    DlmsData.Whole most = (DlmsData.Whole) Axdr.decode(hex("15ffffffffffffffff"));
    assertThat(most.decimal()).hasToString("18446744073709551615");
    assertThat(((DlmsData.Float32) Axdr.decode(hex("177fc00000"))).value()).isNaN();
    assertThat(((DlmsData.Float64) Axdr.decode(hex("187ff8000000000000"))).value()).isNaN();
    assertThat(Axdr.decode(hex("1aFFFF0a19FF"))).isEqualTo(new DlmsData.Date(0xFFFF, 10, 25, 0xFF));
    assertThat(Axdr.decode(hex("1cFF"))).isEqualTo(new DlmsData.Delta(28, -1));
  }

  /** compact-array of structure {octet-string, long-unsigned}, two elements, 12 bytes contents. */
  @Test
  void compactArray() throws DlmsException {
    byte[] bytes = hex("13" + "02020912" + "0A" + "02AABB0102" + "01CC0003" + "00");
    assertThatThrownBy(() -> Axdr.decode(bytes)).isInstanceOf(DlmsException.class);
    byte[] right = hex("13" + "02020912" + "09" + "02AABB0102" + "01CC0003");
    DlmsData.CompactArray array = (DlmsData.CompactArray) Axdr.decode(right);
    assertThat(array)
        .isEqualTo(
            DlmsData.CompactArray.of(
                new TypeDescription.StructureOf(
                    List.of(new TypeDescription.Simple(9), new TypeDescription.Simple(18))),
                List.of(
                    DlmsData.Structure.of(
                        DlmsData.OctetString.of((byte) 0xAA, (byte) 0xBB),
                        new DlmsData.LongUnsigned(0x0102)),
                    DlmsData.Structure.of(
                        DlmsData.OctetString.of((byte) 0xCC), new DlmsData.LongUnsigned(3)))));
    assertThat(Axdr.encode(array)).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, takes 1 bytes",
    "06000000, 1, takes 4 bytes",
    "0204112211, 1, only 3 bytes are left",
    "09820100AA, 1, only 1 bytes are left",
    "0985FFFFFFFFFF, 1, takes 5 bytes",
    "07, 0, 0x07 is not the tag",
    "110506, 2, 1 bytes follow"
  })
  void whatIsWrongIsNamedWithItsPlace(String hex, int offset, String words) {
    assertThatThrownBy(() -> Axdr.decode(hex(hex)))
        .isInstanceOfSatisfying(
            DlmsException.class,
            e -> {
              assertThat(e.offset()).isEqualTo(offset);
              assertThat(e.getMessage()).contains(words);
              assertThat(e.kind()).isEqualTo(DlmsException.Kind.MALFORMED);
            });
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
