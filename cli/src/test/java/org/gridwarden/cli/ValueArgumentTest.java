package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DataText;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueArgumentTest {
  /** Each with the A-XDR that it has to become: tag, then content. */
  @ParameterizedTest
  @CsvSource({
    "u8:255,11FF",
    "u16:65535,12FFFF",
    "u32:4294967295,06FFFFFFFF",
    "u64:18446744073709551615,15FFFFFFFFFFFFFFFF",
    "i8:-128,0F80",
    "i16:-1,10FFFF",
    "i32:-1,05FFFFFFFF",
    "i64:-1,14FFFFFFFFFFFFFFFF",
    "enum:30,161E",
    "bcd:42,0D42",
    "bool:true,0301",
    "bool:0,0300",
    "f32:1.5,173FC00000",
    "octets:0a0B,09020A0B",
    "octets:,0900",
    "text:a:b,0A03613A62",
    "utf8:ä,0C02C3A4",
    "bits:10100,0405A0",
    "obis:1.0.1.8.0.255,09060100010800FF",
    "null,00",
    // Wednesday; +01:00 is a deviation of -60 minutes, FFC4
    "datetime:2026-11-25T00:00:00+01:00,090C07EA0B1903000000" + "00FFC400",
    "date:2026-11-25,090507EA0B1903",
    "time:12:30:05,09040C1E0500"
  })
  void everyTypeBecomesItsBytes(String text, String axdr) {
    assertThat(HexFormat.of().withUpperCase().formatHex(Axdr.encode(ValueArgument.parse(text))))
        .isEqualTo(axdr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u8:256",
        "u32:-1",
        "i8:x",
        "bool:maybe",
        "octets:0A0",
        "bits:012",
        "text:\u20AC",
        "datetime:2026-11-25",
        "u33:1",
        "5",
        "{",
        "{}",
        "{\"type\":\"long\",\"value\":\"x\"}",
        "{\"type\":\"long\",\"value\":1.5}",
        "{\"type\":\"unsigned\",\"value\":256}",
        "{\"type\":\"structure\",\"value\":5}",
        "{\"type\":\"no-type\",\"value\":5}"
      })
  void whatIsNoValueIsOneFailure(String text) {
    assertThatThrownBy(() -> ValueArgument.parse(text)).isInstanceOf(Failure.class);
  }

  @Test
  void jsonIsReadBackAsItIsPrinted() {
    DlmsData all =
        DlmsData.Structure.of(
            DlmsData.NullData.of(),
            DlmsData.Array.of(new DlmsData.Long16(-5), new DlmsData.Long16(7)),
            new DlmsData.Bool(true),
            DlmsData.BitString.of(new byte[] {(byte) 0xA0}, 5),
            new DlmsData.DoubleLong(-1),
            new DlmsData.DoubleLongUnsigned(0xFFFF_FFFFL),
            DlmsData.OctetString.of(ObisCode.parse("1.0.1.8.0.255")),
            new DlmsData.VisibleString("a\"b"),
            new DlmsData.Utf8String("\u20AC"),
            new DlmsData.Bcd(0x42),
            new DlmsData.Integer8(-1),
            new DlmsData.Unsigned8(255),
            new DlmsData.LongUnsigned(65535),
            new DlmsData.Long64(Long.MIN_VALUE),
            new DlmsData.Long64Unsigned(-1),
            new DlmsData.Enumerated(30),
            new DlmsData.Float32(1.5f),
            new DlmsData.Float64(Double.NaN),
            new DlmsData.DateTime(
                CosemDateTime.of(
                    java.time.Instant.parse("2026-11-25T00:00:00Z"), java.time.ZoneOffset.UTC)),
            new DlmsData.Date(2026, 11, 25, 3),
            new DlmsData.Time(12, 30, 5, 0));
    assertThat(ValueArgument.parse(DataText.json(all))).isEqualTo(all);
  }

  @Test
  @DisplayName("C39 JSON that nests without end is refused")
  void nestingIsBounded() {
    String deep =
        "{\"type\":\"array\",\"value\":[".repeat(500)
            + "{\"type\":\"null-data\",\"value\":null}"
            + "]}".repeat(500);
    assertThatThrownBy(() -> ValueArgument.parse(deep)).isInstanceOf(Failure.class);
  }

  @Test
  void aValueMayStandInAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("value"), "u8:7\n");
    assertThat(ValueArgument.parse("@" + file)).isEqualTo(new DlmsData.Unsigned8(7));
    assertThatThrownBy(() -> ValueArgument.parse("@" + file + "x"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("cannot be read");
  }
}
