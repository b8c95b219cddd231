package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo as a user runs it, twice on one folder. */
class DemoIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  @DisplayName("S1 S3 the demo's meters push, and all that was acknowledged is in the database")
  void demo() throws IOException, InterruptedException {
    Path data = folder.resolve("demo");
    String[] arguments = {
      "demo",
      "--meters=20",
      "--history=3d",
      "--every=2s",
      "--for=6s",
      "--json",
      "--port=0",
      "--dlms-port=0",
      "--data=" + data
    };
    try (CommandProcess demo = CommandProcess.start(folder, "demo", arguments)) {
      assertThat(demo.exit(PATIENCE)).as(demo.err()).isZero();
      JsonNode summary = JsonMapper.shared().readTree(last(demo.out()));
      assertThat(summary.path("ok").asBoolean()).isTrue();
      assertThat(summary.path("acknowledged_readings").asLong()).isGreaterThan(20 * 3 * 96);
      assertThat(summary.path("missing").asLong(-1)).isZero();
      assertThat(summary.path("doubled").asLong(-1)).isZero();
      assertThat(demo.err()).contains("Password:").contains("http://localhost:");
    }
    String[] again = {
      "demo",
      "--meters=25",
      "--history=1d",
      "--every=2s",
      "--port=0",
      "--dlms-port=0",
      "--data=" + data
    };
    try (CommandProcess demo = CommandProcess.start(folder, "again", again)) {
      demo.says("first reading stored", PATIENCE);
      demo.interrupt();
      assertThat(demo.exit(Duration.ofSeconds(20))).as(demo.err()).isZero();
      assertThat(demo.out()).contains("all there, once");
    }
  }

  private static String last(String text) {
    List<String> lines = text.lines().toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
