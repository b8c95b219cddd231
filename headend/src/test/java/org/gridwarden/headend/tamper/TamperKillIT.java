package org.gridwarden.headend.tamper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a real process between its intake and its tamper desk. */
class TamperKillIT {
  private static final int KILLS = 3;
  private static final int METERS = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;

  @Test
  @DisplayName(
      "C19: what was stored when the process was killed with -9 is judged by the next one, each once:"
          + " one alarm, one case, in quarantine")
  void killed() throws Exception {
    Set<String> stored = new LinkedHashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      stored.addAll(untilKilled("K" + kill + "-", 1 + kill * 10));
    }
    assertThat(stored).hasSizeGreaterThanOrEqualTo(KILLS);
    try (Watch watch = new Watch(folder)) {
      long unjudged =
          stored.stream().filter(name -> watch.alarms(new MeterId(name)).isEmpty()).count();
      assertThat(unjudged).as("it was killed in between").isPositive();
      try (TamperDesk desk = watch.desk()) {
        assertThat(desk).isNotNull();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(200))
            .until(
                () -> stored.stream().noneMatch(name -> watch.alarms(new MeterId(name)).isEmpty()));
      }
      for (String name : stored) {
        MeterId meter = new MeterId(name);
        assertThat(watch.alarms(meter)).as(name).hasSize(1);
        assertThat(watch.alarms(meter).getFirst().count()).as(name).isOne();
        assertThat(watch.cases(meter)).as(name).hasSize(1);
        assertThat(watch.state(meter)).as(name).isEqualTo(Meter.State.QUARANTINED);
      }
    }
  }

  /** Which meters' warnings were stored, as far as the process came to say so. */
  private Set<String> untilKilled(String prefix, int after)
      throws IOException, InterruptedException {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                TamperVictim.class.getName(),
                folder.toString(),
                prefix,
                Integer.toString(METERS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<String> stored = new LinkedHashSet<>();
    try (BufferedReader out =
        new BufferedReader(
            new java.io.InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("STORED ")) {
          stored.add(line.substring("STORED ".length()));
          if (stored.size() == after) {
            victim.destroyForcibly(); // SIGKILL
          }
        }
      }
    } finally {
      victim.destroyForcibly();
    }
    assertThat(victim.waitFor()).as("killed, not ended").isEqualTo(128 + 9);
    return stored;
  }
}
