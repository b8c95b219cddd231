package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two coordinators of one office, each with a network of its own; one is kept house in. */
class TwoNetworksIT {
  private static final int METERS = 2;
  private static final Duration VERY_LONG = Duration.ofMinutes(5);
  private static final Duration REPORT = Duration.ofSeconds(2);

  private static StreetBench bench(Path folder) throws Exception {
    return new StreetBench(
        Files.createDirectories(folder),
        METERS,
        Duration.ofSeconds(30),
        new ZigbeeModel.Layout(METERS, 0),
        StreetBench.Wire.PLAIN);
  }

  private static ZigbeeNetwork.Device device(ZigbeeChannel channel, String eui64) {
    return channel.view().devices().stream()
        .filter(d -> d.eui64().equals(eui64))
        .findFirst()
        .orElseThrow();
  }

  private static void reached(StreetBench bench, ZigbeeChannel channel) {
    await()
        .atMost(VERY_LONG)
        .until(
            () -> bench.street.serials().stream().allMatch(s -> channel.reaches(new MeterId(s))));
  }

  @Test
  @DisplayName(
      "C24: two networks in one process; one gets another key on the air, sends a meter away, and"
          + " lets it in again once an operator says so")
  void eachNetworkIsItsOwn(@TempDir Path folder) throws Exception {
    try (StreetBench left = bench(folder.resolve("left"));
        StreetBench right = bench(folder.resolve("right"));
        ZigbeeChannel one = left.channel(REPORT);
        ZigbeeChannel other = right.channel(REPORT)) {
      TestOffice office = new TestOffice(left.street, left.clock, 0);
      one.start(office.host());
      other.start(new TestOffice(right.street, right.clock, 0).host());
      left.letAllIn(one);
      right.letAllIn(other);
      reached(left, one);
      reached(right, other);
      assertThat(one.view().network()).isNotEmpty().isNotEqualTo(other.view().network());
      assertThat(other.view().devices()).hasSize(METERS).allMatch(d -> d.state().equals("joined"));

      Orders.refreshKey(left.coordinator());
      await().atMost(VERY_LONG).until(() -> one.view().key().isPresent());
      assertThat(one.view().key()).get().matches(k -> k.number() == 1 && k.told() == METERS);
      assertThat(other.view().key()).isEmpty();
      int before = office.submitted.size();
      for (String serial : left.street.serials()) {
        await()
            .atMost(VERY_LONG)
            .until(() ->
                office.submitted.stream()
                    .skip(before)
                    .anyMatch(r -> r.id().meter().value().equals(serial)));
      }
      assertThat(left.model.joins()).as("nobody joined anew for it").isEqualTo(METERS);

      awayAndBack(left, one);
      assertThat(right.model.joins()).isEqualTo(METERS);
      reached(right, other);
    }
  }

  private static void awayAndBack(StreetBench bench, ZigbeeChannel channel) throws IOException {
    String eui64 = ZigbeeModel.name(bench.model.eui64(2));
    String serial = bench.street.serials().get(1);
    assertThat(device(channel, eui64))
        .matches(d -> d.tunnel() && d.meter().equals(serial) && d.quality() > 0)
        .extracting(ZigbeeNetwork.Device::heard)
        .isNotEqualTo(Optional.empty());
    Orders.remove(bench.coordinator(), eui64);
    await().atMost(VERY_LONG).until(() -> bench.model.inside() == METERS - 1);
    await().atMost(VERY_LONG).until(() -> channel.view().devices().size() == METERS - 1);
    assertThat(channel.reaches(new MeterId(serial))).isFalse();

    // it knocks, and waits for an operator
    Admissions.post(bench.coordinator(), List.of(), Duration.ofSeconds(200));
    bench.model.joinAll();
    await()
        .atMost(VERY_LONG)
        .until(() ->
            channel.view().devices().stream()
                .anyMatch(d -> d.eui64().equals(eui64) && d.state().equals("unknown")));
    assertThat(bench.model.inside()).isEqualTo(METERS - 1);
    Admissions.post(
        bench.coordinator(),
        List.of(
            new Admissions.Guest(
                eui64, HexFormat.of().formatHex(bench.model.installCode(2)), serial)),
        Duration.ofSeconds(200));
    reached(bench, channel);
    assertThat(device(channel, eui64).state()).isEqualTo("joined");
    assertThat(channel.view().openSeconds()).isNotNegative();
  }
}
