package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.channel.zigbee.Strips.Ratio;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power strips: what they are, what they say, and what is kept of them. */
class StripsTest {
  private static final MeterId STRIP = new MeterId("PS-0000001");
  private static final Eui64 DEVICE = Eui64.parse("0247570000000009");
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Outlet THIRD =
      new Outlet(
          3, 7, new Ratio(1, 10_000), new Ratio(1, 10), new Ratio(1, 10), new Ratio(1, 1_000));

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static List<Message> says(int cluster, String report) {
    return StripValues.of(THIRD, STRIP, cluster, Attributes.report(hex(report)).orElseThrow(), NOW);
  }

  @Test
  void anOutletIsTheChannelOfTheStripsReadings() {
    // attribute 0x0000, boolean, true
    assertThat(says(StripSetup.ON_OFF, "0000 10 01"))
        .singleElement()
        .isInstanceOfSatisfying(
            Usage.class,
            u ->
                assertThat(u.momentary())
                    .singleElement()
                    .satisfies(r -> {
                      assertThat(r.channel()).hasToString("0.3.96.3.10.255");
                      assertThat(r.value().raw()).isEqualTo(1);
                      assertThat(r.quality()).isEqualTo(Quality.UNAUTHENTICATED);
                    }));
    // active power, int16, 20400 tenths of a watt; voltage, uint16, 2300; current, uint16, 8870 mA
    assertThat(says(Clusters.MEASUREMENT, "0B05 29 B04F 0505 21 FC08 0805 21 A622"))
        .singleElement()
        .isInstanceOfSatisfying(
            Usage.class,
            u ->
                assertThat(u.momentary())
                    .extracting(r -> r.channel() + " " + r.value())
                    .containsExactly(
                        "1.3.1.7.0.255 2040.0 W",
                        "1.3.31.7.0.255 8.870 A",
                        "1.3.32.7.0.255 230.0 V"));
    // summation, uint48, 12345 tenths of a watt-hour
    assertThat(says(Clusters.METERING, "0000 25 393000000000"))
        .singleElement()
        .isInstanceOfSatisfying(
            Billing.class,
            b ->
                assertThat(b.registers())
                    .extracting(r -> r.channel() + " " + r.value())
                    .containsExactly("1.3.1.8.0.255 1234.5 Wh"));
    assertThat(says(Clusters.METERING, "0000 25 FFFFFFFFFFFF")).as("invalid").isEmpty();
    assertThat(says(Clusters.TUNNELING, "0000 10 01")).as("another cluster").isEmpty();
  }

  @Test
  void aDevicesDescriptorSaysWhetherItIsAnOutlet() {
    // sequence, status, address, length, endpoint, home automation, smart plug, version, 3 servers
    String head = "01 00 3412 10 07 0401 5100 00 03";
    assertThat(StripSetup.isOutlet(hex(head + "0000 0600 0207 00"))).isTrue();
    assertThat(StripSetup.isOutlet(hex(head + "0000 0600 040B 00"))).isTrue();
    assertThat(StripSetup.isOutlet(hex(head + "0000 0600 0800 00"))).as("a lamp").isFalse();
    assertThat(StripSetup.isOutlet(hex(head + "0000 0600"))).as("cut off").isFalse();
    assertThat(StripSetup.isOutlet(hex("01 00 3412 10 01 0901 0105 00 03 0600 0207 040B 00")))
        .as("Smart Energy: a meter")
        .isFalse();
    assertThat(StripSetup.isOutlet(hex("01 82 3412 00"))).as("no such endpoint").isFalse();
  }

  @Test
  void whatAStripIsOutlivesARestart(@TempDir Path folder) throws IOException {
    Strips strips = Strips.open(folder);
    assertThat(strips.has(DEVICE)).isFalse();
    Outlet first = new Outlet(1, 2, Ratio.NONE, THIRD.power(), Ratio.NONE, Ratio.NONE);
    strips.put(DEVICE, List.of(THIRD, first));
    Strips again = Strips.open(folder);
    assertThat(again.outlets(DEVICE)).containsExactly(first, THIRD);
    assertThat(again.at(DEVICE, 7)).contains(THIRD);
    assertThat(again.at(DEVICE, 1)).isEmpty();
    again.put(DEVICE, List.of());
    assertThat(Strips.open(folder).has(DEVICE)).as("it is another device now").isFalse();
    Files.writeString(folder.resolve("strips.csv"), "head\n0247570000000009,1,x\n");
    assertThatThrownBy(() -> Strips.open(folder)).hasMessageContaining("strips.csv, line 2");
  }
}
