package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.store.Readings;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo with meters of every kind side by side, as a user runs it. */
class DemoChannelsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  @TempDir private Path folder;

  @Test
  @DisplayName("S8 S20 S28-S34 the demo's meters of every channel are stored, each reading once")
  void everyChannelSideBySide() throws Exception {
    Path data = folder.resolve("demo");
    List<MeterChannel> here =
        MeterChannel.all().stream().filter(c -> c.missing().isEmpty()).toList();
    int channels = 1 + here.size();
    String[] arguments = {
      "demo",
      "--channels=all=0",
      "--meters=" + 2 * channels,
      "--history=1d",
      "--every=2s",
      "--json",
      "--port=0",
      "--data=" + data
    };
    try (CommandProcess demo = CommandProcess.start(folder, "demo", arguments)) {
      demo.says("first reading over dlms stored", PATIENCE);
      for (MeterChannel channel : here) {
        demo.says("first reading over " + channel.name() + " stored", PATIENCE);
      }
      demo.interrupt();
      assertThat(demo.exit(PATIENCE)).as(demo.err()).isZero();
      List<String> lines = demo.out().lines().toList();
      JsonNode summary = JsonMapper.shared().readTree(lines.getLast());
      assertThat(summary.path("ok").asBoolean()).isTrue();
      assertThat(summary.path("missing").asLong(-1)).isZero();
      assertThat(summary.path("doubled").asLong(-1)).isZero();
      Map<String, JsonNode> parts = new HashMap<>();
      summary.path("channels").forEach(part -> parts.put(part.path("channel").asString(), part));
      assertThat(parts).hasSize(channels).containsKey("dlms");
      parts.forEach((name, part) -> {
        assertThat(part.path("meters").asInt()).as(name).isEqualTo(2);
        assertThat(part.path("readings").asLong()).as(name).isPositive();
      });
      for (MeterChannel channel : here) {
        assertThat(demo.err()).contains(" by " + channel.name());
      }
    }
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      for (MeterChannel channel : here) {
        MeterId first = new MeterId(channel.serials() + "000001");
        List<Readings.ChannelInfo> stored = store.readings().channels(first);
        assertThat(stored).as(channel.name()).isNotEmpty();
        assertThat(store.meters().row(first).orElseThrow().lastChannel().orElseThrow().name())
            .isEqualTo(channel.section());
        assertThat(data.resolve("street-" + channel.name() + ".journal")).isNotEmptyFile();
      }
    }
    assertThat(Files.readString(data.resolve("street-shipment.csv"))).contains("GW-0000001");
  }

  @Test
  void aChannelThatIsNoneIsNamedWithThoseThatAre() throws Exception {
    try (CommandProcess demo =
        CommandProcess.start(
            folder, "wrong", "demo", "--channels=mqtt,morse", "--data=" + folder.resolve("d"))) {
      assertThat(demo.exit(PATIENCE)).isEqualTo(2);
      assertThat(demo.err()).contains("'morse' is no channel here").contains("websocket");
    }
  }
}
