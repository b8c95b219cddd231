package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Usage;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An XBee module, whose driver tells neither who came in nor what came under a link key. */
class XBeeStreetIT {
  private static final int METERS = 4;
  private static final Duration VERY_LONG = Duration.ofMinutes(8);

  @Test
  @DisplayName("Formed, reported, switched, restarted: by secured messages alone")
  void secretsGoThroughATunnelAlone(@TempDir Path folder) throws Exception {
    try (StreetBench bench =
        new StreetBench(
            folder,
            METERS,
            Duration.ofSeconds(5),
            new ZigbeeModel.Layout(METERS, 0),
            StreetBench.Wire.PLAIN,
            "xbee")) {
      List<String> serials = bench.street.serials();
      TestOffice office = new TestOffice(bench.street, bench.clock, 0);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(5))) {
        channel.start(office.host());
        bench.letAllIn(channel);
        await()
            .atMost(VERY_LONG)
            .until(() -> serials.stream().allMatch(s -> channel.reaches(new MeterId(s))));
        bench.start();
        await()
            .atMost(VERY_LONG)
            .until(() ->
                serials.stream()
                    .allMatch(s -> office.told(s).stream().anyMatch(m -> m instanceof Usage)));
        assertThat(office.submitted).allMatch(r -> r.how() == Assurance.MAC);
        assertThat(bench.command(channel, serials.getFirst(), new Action.Disconnect(), 1))
            .isEqualTo(CommandState.CONFIRMED);
        assertThat(bench.street.isConnected(1)).isFalse();
        assertThat(bench.street.isConnected(2)).isTrue();
      }
      long joins = bench.model.joins();
      TestOffice again = new TestOffice(bench.street, bench.clock, 1_000);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(5))) {
        channel.start(again.host());
        await()
            .atMost(VERY_LONG)
            .until(() -> serials.stream().allMatch(s -> channel.reaches(new MeterId(s))));
        assertThat(bench.command(channel, serials.getFirst(), new Action.Connect(), 2))
            .isEqualTo(CommandState.CONFIRMED);
      }
      assertThat(bench.model.joins()).isEqualTo(joins);
    }
  }
}
