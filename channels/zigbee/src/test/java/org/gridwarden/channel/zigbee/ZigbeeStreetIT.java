package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.Billing;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.gridwarden.simulator.zigbee.meter.EnergyServices;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A street of Zigbee meters, over a pseudo-terminal and the library's own driver. */
class ZigbeeStreetIT {
  private static final int METERS = 50;
  private static final Duration VERY_LONG = Duration.ofMinutes(8);

  @Test
  @DisplayName(
      "From power-up: formed, joined by install code, reported, switched, opened; restarted")
  void aStreetLives(@TempDir Path folder) throws Exception {
    try (StreetBench bench =
        new StreetBench(
            folder,
            METERS,
            Duration.ofSeconds(60),
            new ZigbeeModel.Layout(25, 0.01),
            StreetBench.Wire.PLAIN)) {
      List<String> serials = bench.street.serials();
      TestOffice office = new TestOffice(bench.street, bench.clock, 0);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(10))) {
        channel.start(office.host());
        bench.letAllIn(channel);
        await().atMost(VERY_LONG).until(() -> bench.model.inside() == METERS);
        await()
            .atMost(VERY_LONG)
            .until(() -> serials.stream().allMatch(s -> channel.reaches(new MeterId(s))));
        bench.start();
        await().atMost(VERY_LONG).until(() -> serials.stream().allMatch(s -> reported(office, s)));

        String first = serials.getFirst();
        assertThat(bench.street.isConnected(1)).isTrue();
        assertThat(bench.command(channel, first, new Action.Disconnect(), 1))
            .isEqualTo(CommandState.CONFIRMED);
        assertThat(bench.street.isConnected(1)).isFalse();
        assertThat(bench.street.isConnected(2)).isTrue();
        assertThat(bench.command(channel, first, new Action.Connect(), 2))
            .isEqualTo(CommandState.CONFIRMED);
        assertThat(bench.street.isConnected(1)).isTrue();

        assertThat(
                bench.command(
                    channel, first, new Action.SetPrice(275_000, "CHF", bench.clock.instant()), 4))
            .isEqualTo(CommandState.CONFIRMED);
        await().atMost(TestOffice.LONG).until(() -> shown(bench, first).isPresent());
        assertThat(shown(bench, first)).get().matches(p -> p.value() == 275 && p.digits() == 3);
        assertThat(shown(bench, serials.get(1))).isEmpty();
        bench.model.now(() -> {
          services(bench, first).restart(); // it has lost its power, and asks again
          return null;
        });
        await()
            .atMost(TestOffice.LONG)
            .until(() ->
                shown(bench, first).isPresent()
                    && bench.model.now(() -> services(bench, first).told()));

        String last = serials.getLast();
        bench.model.now(() -> {
          bench.model.meter(last).orElseThrow().openCasing();
          return null;
        });
        await().atMost(TestOffice.LONG).until(() -> tampered(office, last));
      }
      long joins = bench.model.joins();
      assertThat(joins).isEqualTo(METERS);

      TestOffice again = new TestOffice(bench.street, bench.clock, 1_000);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(10))) {
        channel.start(again.host());
        await()
            .atMost(VERY_LONG)
            .until(() -> serials.stream().allMatch(s -> channel.reaches(new MeterId(s))));
        await().atMost(VERY_LONG).until(() -> serials.stream().allMatch(s -> registers(again, s)));
        assertThat(bench.command(channel, serials.get(1), new Action.Disconnect(), 3))
            .isEqualTo(CommandState.CONFIRMED);
        assertThat(bench.street.isConnected(2)).isFalse();
      }
      assertThat(bench.model.joins()).as("nobody joined anew").isEqualTo(joins);
    }
  }

  private static EnergyServices services(StreetBench bench, String meter) {
    return bench.model.meter(meter).orElseThrow().services();
  }

  /** What a meter's display shows. */
  private static Optional<EnergyServices.Price> shown(StreetBench bench, String meter) {
    return bench.model.now(() -> services(bench, meter).price());
  }

  private static boolean registers(TestOffice office, String meter) {
    return office.told(meter).stream()
        .anyMatch(m ->
            m instanceof Billing b
                && b.registers().stream()
                    .anyMatch(r -> r.channel().equals(MeteringValues.REGISTER)));
  }

  /** By its cluster, and by messages of its own through the tunnel. */
  private static boolean reported(TestOffice office, String meter) {
    return registers(office, meter)
        && office.told(meter).stream()
            .anyMatch(m -> m instanceof Usage u && u.momentary().size() == 2);
  }

  private static boolean tampered(TestOffice office, String meter) {
    return office.told(meter).stream()
        .anyMatch(m ->
            m instanceof Warning w
                && w.code().equals("tamper.detected")
                && w.severity() == Severity.CRITICAL
                && w.source() == Warning.Source.PUSHED);
  }
}
