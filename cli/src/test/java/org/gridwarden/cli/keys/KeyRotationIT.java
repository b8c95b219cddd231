package org.gridwarden.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All meters of a street get new keys from an office that is killed, with kill -9, at random
 * moments, and started again. The meters live here.
 */
class KeyRotationIT {
  private static final int METERS = Integer.getInteger("gridwarden.rotated", 40);
  private static final int KILLS = Integer.getInteger("gridwarden.rotation.kills", 4);
  private static final Duration UP = Duration.ofSeconds(120);
  private static final Duration ALL = Duration.ofMillis(180_000L + 60L * METERS);

  @TempDir private Path folder;

  @Test
  @DisplayName("C2 C17: keys of a whole street change under kill -9: every meter is reached after")
  void killed() throws Exception {
    int port = free();
    List<MeterId> meters = RotatingOffice.meters(METERS);
    long replays;
    try (Street street =
        Street.of(
            new StreetSettings(
                METERS,
                OptionalLong.of(8),
                Optional.of(folder.resolve("street.state")),
                ZoneOffset.UTC,
                Duration.ZERO,
                Duration.ofSeconds(Math.max(2, METERS / 100)),
                StreetSettings.Transport.TCP,
                true, // commands go over the connections on which meters have called in
                0,
                Duration.ofSeconds(20),
                Optional.empty(),
                Optional.of(KeyTown.operators(folder))),
            Households.load(),
            InstantSource.system())) {
      try (KeyTown town =
          new KeyTown(folder, port, UnaryOperator.identity(), InstantSource.system())) {
        town.ship(street::writeShipment);
      }
      street.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      for (int kill = 0; kill < KILLS; kill++) {
        Process office = office(port, "rotate");
        long moment = ThreadLocalRandom.current().nextLong(500, 4_000 + METERS);
        boolean ended = office.waitFor(moment, TimeUnit.MILLISECONDS);
        assertThat(ended).as("it dies by our hand only").isFalse();
        office.destroyForcibly().waitFor();
      }
      Process last = office(port, "rotate");
      await().atMost(ALL).until(() -> Files.exists(RotatingOffice.done(folder)));
      last.destroyForcibly().waitFor();
      Process judge = office(port, "reach");
      assertThat(judge.waitFor(ALL.toMillis(), TimeUnit.MILLISECONDS)).as("it ends").isTrue();
      assertThat(judge.exitValue()).as(Files.readString(folder.resolve("office.log"))).isZero();
      replays = Long.parseLong(Files.readString(RotatingOffice.reached(folder)));
    }
    assertThat(replays).as("no meter used a counter twice with a key").isZero();
    int blocks = reservedOnce();
    System.out.println(
        METERS + " meters, " + KILLS + " kills: all reached, " + blocks + " blocks of counters");
  }

  private Process office(int port, String what) throws IOException {
    Files.deleteIfExists(RotatingOffice.up(folder));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // a street's first calls open as many keys under RSA, which the quick compiler does
                // at a tenth
                METERS > 1_000 ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "-Xmx768m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RotatingOffice.class.getName(),
                folder.toString(),
                Integer.toString(port),
                Integer.toString(METERS),
                what)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("office.log").toFile()))
            .start();
    await()
        .atMost(UP)
        .until(() -> {
          if (!process.isAlive()) {
            throw new AssertionError(Files.readString(folder.resolve("office.log")));
          }
          return Files.exists(RotatingOffice.up(folder));
        });
    return process;
  }

  /** Whether no two blocks of one key of one meter overlap; how many there are. */
  private int reservedOnce() throws IOException {
    Map<String, List<long[]>> blocks = new HashMap<>();
    int count = 0;
    for (String line : Files.readAllLines(KeyTown.reserved(folder))) {
      String[] parts = line.split(" ");
      if (parts.length == 4) { // the last line of a process that was killed may be cut
        long first = Long.parseLong(parts[2]);
        blocks
            .computeIfAbsent(parts[0] + " " + parts[1], key -> new ArrayList<>())
            .add(new long[] {first, first + Long.parseLong(parts[3])});
        count++;
      }
    }
    blocks.forEach((key, list) -> {
      list.sort(java.util.Comparator.comparingLong(b -> b[0]));
      for (int i = 1; i < list.size(); i++) {
        assertThat(list.get(i)[0])
            .as("counters of " + key)
            .isGreaterThanOrEqualTo(list.get(i - 1)[1]);
      }
    });
    return count;
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
