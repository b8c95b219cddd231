package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.hdlc.HdlcLink;
import org.gridwarden.dlms.hdlc.HdlcParameters;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.hdlc.ModeE;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterLine;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S19: our client reads our meter over a serial line, from its start in mode E. */
class SerialLinkIT {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final ModeE.Identification GWM =
      new ModeE.Identification("GWM", 115_200, "METER1");

  /** An object with one attribute beside its name. */
  private static CosemObject object(int classId, ObisCode name, DlmsData value) {
    return new CosemObject() {
      @Override
      public Identity identity() {
        return new Identity(classId, 0, name, 2, 0);
      }

      @Override
      public Outcome get(int attribute, Optional<Selection> selection) {
        return new Outcome.Value(value);
      }
    };
  }

  private static Map<Integer, LogicalDevice> devices() {
    DlmsData[] rows = new DlmsData[96];
    for (int i = 0; i < 96; i++) {
      rows[i] =
          DlmsData.Structure.of(
              DlmsData.OctetString.of(new byte[12]), new DlmsData.DoubleLongUnsigned(i + 1L));
    }
    return Map.of(
        1,
        new LogicalDevice(
            new byte[] {'G', 'W', 'M', 0, 0, 0, 0, 1},
            List.of(
                object(3, ENERGY, new DlmsData.DoubleLongUnsigned(12_345)),
                object(7, PROFILE, DlmsData.Array.of(rows))),
            Map.of(16, ClientAccess.open(Rights.READ_ALL))));
  }

  private static void reads(SerialLine line, HdlcSettings settings) throws Exception {
    HdlcLink link = HdlcLink.connect(line, LinkAddress.hdlc(16), LinkAddress.hdlc(1, 17), settings);
    try (Association meter = Association.open(link, AssociationRequest.open())) {
      assertThat(meter.get(new AttributeRef(3, ENERGY, 2)))
          .isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(12_345)));
      DlmsData.Array rows =
          (DlmsData.Array) ((Outcome.Value) meter.get(new AttributeRef(7, PROFILE, 2))).data();
      assertThat(rows.size()).isEqualTo(96);
      assertThat(((DlmsData.Structure) rows.get(95)).get(1))
          .isEqualTo(new DlmsData.DoubleLongUnsigned(96));
    }
  }

  @Test
  @DisplayName("mode E, then HDLC, then mode E again for the next client")
  void modeE(@TempDir Path folder) throws Exception {
    try (Socat pair = Socat.open(folder);
        MeterLine meter =
            MeterLine.modeE(
                SerialLine.open(pair.meter().toString(), 300, ByteLine.Format.SEVEN_EVEN),
                devices(),
                OptionalInt.of(17),
                HdlcSettings.SERIAL,
                ModeE.Meter.of(GWM, "123"))) {
      for (int i = 0; i < 2; i++) {
        SerialLine line =
            SerialLine.open(pair.office().toString(), 300, ByteLine.Format.SEVEN_EVEN);
        ModeE.Client client =
            new ModeE.Client("123", 19_200, Duration.ofSeconds(2), Duration.ofSeconds(2), 5);
        assertThat(ModeE.signOn(line, client))
            .isEqualTo(new ModeE.Identification("GWM", 19_200, "METER1"));
        reads(line, HdlcSettings.SERIAL);
      }
      assertThat(meter.isServed()).isTrue();
    }
  }

  @Test
  @DisplayName("HDLC from the first byte on, seven frames of 512 bytes at a time")
  void hdlc(@TempDir Path folder) throws Exception {
    HdlcSettings settings = HdlcSettings.SERIAL.offering(HdlcParameters.of(512, 7));
    try (Socat pair = Socat.open(folder)) {
      MeterLine meter =
          MeterLine.hdlc(
              SerialLine.open(pair.meter().toString(), 115_200, ByteLine.Format.EIGHT_NONE),
              devices(),
              OptionalInt.of(17),
              settings);
      try (meter) {
        reads(
            SerialLine.open(pair.office().toString(), 115_200, ByteLine.Format.EIGHT_NONE),
            settings);
      }
      assertThat(meter.isServed()).isFalse();
    }
  }

  @Test
  @DisplayName("a line where nobody is, and one that goes away: told, in time")
  void failures(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() ->
            SerialLine.open(folder.resolve("nothing").toString(), 300, ByteLine.Format.SEVEN_EVEN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing");
    MeterLine meter;
    try (Socat pair = Socat.open(folder)) {
      meter =
          MeterLine.hdlc(
              SerialLine.open(pair.meter().toString(), 9_600, ByteLine.Format.EIGHT_NONE),
              devices(),
              OptionalInt.of(17),
              HdlcSettings.SERIAL);
      SerialLine line =
          SerialLine.open(pair.office().toString(), 9_600, ByteLine.Format.EIGHT_NONE);
      assertThatThrownBy(() ->
              HdlcLink.connect(
                  line,
                  LinkAddress.hdlc(16),
                  LinkAddress.hdlc(1, 18),
                  HdlcSettings.SERIAL.waiting(Duration.ofMillis(100), 1)))
          .isInstanceOf(SocketTimeoutException.class);
    }
    await().atMost(TestOffice.SOON).until(() -> !meter.isServed());
    meter.close();
  }
}
