package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators order at a coordinator, and what it tells of its devices. */
class OrdersTest {
  private static final Eui64 DEVICE = new Eui64(0x0247_5700_0000_0001L);
  private static final Instant NOW = Instant.parse("2026-11-26T18:00:00Z");

  @TempDir Path folder;

  @Test
  void ordersAreTakenOnceAndWhatIsNoneIsDropped() throws IOException {
    Orders.refreshKey(folder);
    Orders.remove(folder, "02:47:57:00:00:00:00:01");
    Files.writeString(folder.resolve("orders").resolve("x.txt"), "format c:\n");
    Files.writeString(
        folder.resolve("orders").resolve("y.txt"), "remove 0247570000000001".repeat(9));
    assertThat(Orders.take(folder))
        .containsExactlyInAnyOrder(new Orders.Order.RefreshKey(), new Orders.Order.Remove(DEVICE));
    assertThat(Orders.take(folder)).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("orders"))) {
      assertThat(left).isEmpty();
    }
    assertThatThrownBy(() -> Orders.remove(folder, "12")).hasMessageContaining("16 hexadecimal");
    assertThatThrownBy(() -> Orders.refreshKey(folder.resolve("none")))
        .hasMessageContaining("has the coordinator ever run");
  }

  @Test
  void aKeyChangeIsRemembered() throws IOException {
    assertThat(KeyChange.last(folder)).isEmpty();
    KeyChange made = new KeyChange(3, NOW, 50);
    made.write(folder);
    assertThat(KeyChange.last(folder)).contains(made);
    Files.writeString(folder.resolve("network-key.properties"), "number = many\n");
    assertThatThrownBy(() -> KeyChange.last(folder)).hasMessageContaining("damaged");
  }

  /** UG100: unicastNwkKeyUpdate is destShort, destLong, key; the header is of version 4. */
  @Test
  void theRequestsThatTheLibraryLacks() {
    int[] key = new int[16];
    Arrays.setAll(key, i -> 0xA0 + i);
    int[] sent = EmberDongle.keyFor(0x1F3A, DEVICE.address(), key).serialize();
    int header = sent.length - 26;
    assertThat(sent[header - 1]).isEqualTo(0xA9);
    assertThat(Arrays.copyOfRange(sent, header, header + 10))
        .containsExactly(0x3A, 0x1F, 1, 0, 0, 0, 0, 0x57, 0x47, 0x02);
    assertThat(Arrays.copyOfRange(sent, header + 10, sent.length)).isEqualTo(key);
    assertThat(EmberDongle.keyFor(1, DEVICE.address(), key).toString()).isEqualTo("Request[169]");
    int[] all = EmberDongle.switchAll().serialize();
    assertThat(all[all.length - 1]).isEqualTo(0x74);
  }

  @Test
  void whoShouldReportAndDoesNotIsSilent() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    Roster roster = Roster.open(folder);
    roster.expect(DEVICE, new MeterId("GW-0000001"));
    roster.change(DEVICE, k -> k.joined(5).reporting(1, 1_000, 1));
    List<Incoming> passedOn = new java.util.ArrayList<>();
    Presence presence =
        new Presence(
            roster,
            new Coordinator.Listener() {
              @Override
              public void frame(Incoming frame) {
                passedOn.add(frame);
              }

              @Override
              public void knocked(Eui64 device) {
                throw new AssertionError("nobody did");
              }

              @Override
              public void left(Eui64 device) {
                throw new AssertionError("nobody did");
              }
            },
            true,
            now::get);
    Duration report = Duration.ofMinutes(5);
    Known known = roster.by(DEVICE).orElseThrow();
    assertThat(presence.silent(known, report)).isFalse();
    now.set(NOW.plusSeconds(1_000));
    assertThat(presence.silent(known, report)).isTrue();
    // what comes without the link key proves nothing
    presence.frame(new Incoming(5, 1, Clusters.PROFILE, Clusters.METERING, false, 1, new byte[0]));
    assertThat(presence.silent(known, report)).isTrue();
    assertThat(presence.last(DEVICE)).isEmpty();
    presence.frame(new Incoming(5, 1, Clusters.PROFILE, Clusters.METERING, true, 1, new byte[0]));
    assertThat(presence.silent(known, report)).isFalse();
    assertThat(presence.last(DEVICE)).contains(NOW.plusSeconds(1_000));
    assertThat(passedOn).hasSize(2);
    assertThat(presence.silent(known.left(), report)).isFalse();
  }
}
