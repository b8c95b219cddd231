package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zsmartsystems.zigbee.serialization.DefaultDeserializer;
import com.zsmartsystems.zigbee.zcl.ZclFieldDeserializer;
import com.zsmartsystems.zigbee.zcl.ZclHeader;
import com.zsmartsystems.zigbee.zcl.clusters.general.ReadAttributesResponse;
import com.zsmartsystems.zigbee.zcl.clusters.general.ReportAttributesCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Severity;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.Test;

/** Frames of the cluster library, as others made or read them. */
class FramesTest {
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** From the logs of com.zsmartsystems.zigbee 1.4.16.1 (EPL-1.0), src/test/resource/logs. */
  @Test
  void framesThatWereSeenOnTheAir() {
    // 0702, an answer whose attribute 0 is of an array's type, which is none here
    Zcl array = Zcl.parse(hex("18 3E 01 00 00 00 48 08 02 00 00 00")).orElseThrow();
    assertThat(array.command()).isEqualTo(Zcl.READ_RESPONSE);
    assertThat(array.fromServer()).isTrue();
    assertThat(Attributes.answer(array.payload())).isEmpty();
    // 0B04, configuration of attribute 0508: current, at most every two hours
    Zcl configure = Zcl.parse(hex("00 28 06 00 08 05 21 03 00 20 1C 01 00")).orElseThrow();
    assertThat(configure.command()).isEqualTo(Zcl.CONFIGURE_REPORTING);
    assertThat(configure.sequence()).isEqualTo(0x28);
    // and its answer
    Zcl done = Zcl.parse(hex("08 28 07 00")).orElseThrow();
    assertThat(done.command()).isEqualTo(Zcl.CONFIGURE_REPORTING_RESPONSE);
    assertThat(done.payload()).containsExactly(0);
    // 0006, off: the cluster's own command
    Zcl off = Zcl.parse(hex("01 20 00")).orElseThrow();
    assertThat(off.cluster()).isTrue();
    assertThat(off.fromServer()).isFalse();
    // 0019, a maker's own
    assertThat(Zcl.parse(hex("05 94 27 20 00"))).isEmpty();
  }

  /** The same bytes, read by the library and here. */
  @Test
  void theLibraryReadsTheSame() {
    byte[] report = hex("18 01 0A 00 00 25 87 D6 12 00 00 00 00 02 18 04 00 04 2A 10 27 00");
    ZclFieldDeserializer in = deserializer(report);
    assertThat(new ZclHeader(in).getCommandId()).isEqualTo(Zcl.REPORT);
    @SuppressWarnings("deprecation")
    ReportAttributesCommand theirs = new ReportAttributesCommand();
    theirs.deserialize(in);
    Attributes ours = Attributes.report(Zcl.parse(report).orElseThrow().payload()).orElseThrow();
    assertThat(theirs.getReports()).hasSize(3);
    theirs
        .getReports()
        .forEach(r -> {
          if (r.getAttributeValue() instanceof Number number) {
            assertThat(ours.get(r.getAttributeIdentifier())).hasValue(number.longValue());
          }
        });
    assertThat(ours.get(Clusters.SUMMATION)).hasValue(1_234_567);
    assertThat(ours.get(Clusters.DEMAND)).hasValue(10_000);

    byte[] answer = hex("18 02 01 01 03 00 22 01 00 00 02 03 00 22 E8 03 00 99 03 86");
    ZclFieldDeserializer second = deserializer(answer);
    ZclHeader header = new ZclHeader(second);
    assertThat(header.getSequenceNumber()).isEqualTo(2);
    @SuppressWarnings("deprecation")
    ReadAttributesResponse read = new ReadAttributesResponse();
    read.deserialize(second);
    assertThat(read.getRecords()).hasSizeGreaterThanOrEqualTo(2);
    Attributes format = Attributes.answer(Zcl.parse(answer).orElseThrow().payload()).orElseThrow();
    assertThat(format.get(Clusters.MULTIPLIER)).hasValue(1);
    assertThat(format.get(Clusters.DIVISOR)).hasValue(1_000);
    assertThat(format.get(0x0399)).isEmpty();
  }

  private static ZclFieldDeserializer deserializer(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return new ZclFieldDeserializer(new DefaultDeserializer(values));
  }

  private static Known known(int multiplier, int divisor) {
    return Known.unknown(new Eui64(1)).expected(METER).joined(5).reporting(multiplier, divisor, 1);
  }

  private static ScaledValue register(Known from, String payload) {
    List<Message> messages =
        MeteringValues.metering(from, METER, Attributes.report(hex(payload)).orElseThrow(), NOW);
    Billing billing = (Billing) messages.getFirst();
    assertThat(billing.registers().getFirst().quality()).isEqualTo(Quality.UNAUTHENTICATED);
    return billing.registers().getFirst().value();
  }

  @Test
  void energyIsExactWhereTheDivisorIsAPowerOfTen() {
    assertThat(register(known(1, 1_000), "00 00 25 87 D6 12 00 00 00"))
        .isEqualTo(new ScaledValue(1_234_567, 0, Unit.WATT_HOUR));
    assertThat(register(known(1, 100), "00 00 25 05 00 00 00 00 00"))
        .isEqualTo(new ScaledValue(5, 1, Unit.WATT_HOUR));
    assertThat(register(known(2, 10_000), "00 00 25 05 00 00 00 00 00"))
        .isEqualTo(new ScaledValue(10, -1, Unit.WATT_HOUR));
    assertThat(register(known(1, 3_600), "00 00 25 08 07 00 00 00 00"))
        .as("1800 / 3600 kWh")
        .isEqualTo(new ScaledValue(500, 0, Unit.WATT_HOUR));
  }

  @Test
  void invalidValuesAreNone() {
    Attributes none =
        Attributes.report(hex("00 00 25 FF FF FF FF FF FF 00 04 2A 00 00 80")).orElseThrow();
    assertThat(none.get(Clusters.SUMMATION)).isEmpty();
    assertThat(none.get(Clusters.DEMAND)).isEmpty();
    Attributes export = Attributes.report(hex("00 04 2A F0 D8 FF")).orElseThrow();
    assertThat(export.get(Clusters.DEMAND)).hasValue(-10_000);
  }

  @Test
  void theTimeIsAnsweredAttributeByAttribute() {
    byte[] answer = TimeServer.read(hex("0000 0100 0200"), NOW);
    Attributes read = Attributes.answer(answer).orElseThrow();
    assertThat(read.get(0)).hasValue(NOW.getEpochSecond() - 946_684_800L);
    assertThat(read.get(1)).as("master, synchronized").hasValue(3);
    assertThat(read.get(2)).as("no zone").isEmpty();
    assertThat(answer).endsWith(hex("0200 86"));
    assertThat(TimeServer.read(hex("00"), NOW)).as("half a number").isEmpty();
    assertThat(TimeServer.read(new byte[100], NOW)).as("eight answers").hasSize(64);
  }

  @Test
  void statusBitsHaveWords() {
    assertThat(StatusWords.metering(2).code()).isEqualTo("tamper.detected");
    assertThat(StatusWords.metering(2).severity()).isEqualTo(Severity.CRITICAL);
    assertThat(StatusWords.metering(77).code()).isEqualTo("event.zigbee.77");
  }

  /** The specification's example, and the library's. */
  @Test
  void installCodesMakeKeysAndMistypedOnesDoNot() {
    Eui64 device = Eui64.parse("02:47:57:00:00:00:00:01");
    assertThat(device.toString()).isEqualTo("0247570000000001");
    assertThat(Eui64.of(device.address())).isEqualTo(device);
    assertThat(InstallCodes.key(device, "83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5").getValue())
        .startsWith(0x66, 0xB6, 0x90)
        .hasSize(16);
    assertThatThrownBy(
            () -> InstallCodes.key(device, "83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B6"))
        .hasMessageContaining("check digits")
        .hasMessageNotContaining("83FE");
    assertThatThrownBy(() -> InstallCodes.key(device, "83FE")).hasMessageContaining("digits");
  }

  @Test
  void aMessageGoesThroughATunnelInAnyOrderOfNumbers() {
    TunnelEnd office = TunnelEnd.opened(hex("0500 00 4400")).orElseThrow();
    byte[] message = new byte[200];
    message[199] = 7;
    byte[][] segments = office.segments(4, message);
    assertThat(segments).hasNumberOfRows(4);
    TunnelEnd other = TunnelEnd.opened(hex("0500 00 4400")).orElseThrow();
    for (int i = 0; i < 3; i++) {
      assertThat(other.take(segments[i])).isEmpty();
    }
    TunnelEnd.Whole whole = other.take(segments[3]).orElseThrow();
    assertThat(whole.kind()).isEqualTo(4);
    assertThat(whole.message()).isEqualTo(message);
    assertThat(TunnelEnd.opened(hex("FFFF 02 4400"))).as("refused").isEmpty();
  }

  @Test
  void settingsNameWhatIsWrong() {
    assertThatThrownBy(() -> ZigbeeSettings.of(Map.of("coordinators", List.of(Map.of()))))
        .hasMessageContaining("coordinators[0].port");
    assertThatThrownBy(() ->
            ZigbeeSettings.of(
                Map.of(
                    "coordinators",
                    List.of(Map.of("port", "/dev/x", "folder", "a", "channel", 27)))))
        .hasMessageContaining("11 to 26");
    assertThat(
            ZigbeeSettings.of(
                Map.of("coordinators", List.of(Map.of("port", "/dev/x", "folder", "a")))))
        .singleElement()
        .satisfies(s -> assertThat(s.report()).isEqualTo(Duration.ofMinutes(5)));
  }
}
