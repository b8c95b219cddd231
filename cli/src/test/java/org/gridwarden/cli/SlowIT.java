package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.SlowAttack;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand idle and slow connections from one address, and two honest meters. */
class SlowIT {
  private static final int CONNECTIONS = 10_000;
  private static final int DESCRIPTORS = 12_000;
  private static final long MOST_MILLIS = System.getenv("CI") == null ? 2_000 : 20_000;

  /** The second meter of a street sends from this address, too. */
  private static final byte[] ATTACKER = {127, 16, 0, 2};

  @TempDir private Path folder;

  @Test
  @DisplayName("C40 10,000 slow connections delay no push by 2 s, from elsewhere or beside them")
  void slowConnections() throws IOException, InterruptedException {
    assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
            && os.getMaxFileDescriptorCount() >= DESCRIPTORS,
        "needs " + DESCRIPTORS + " open files: ulimit -n " + DESCRIPTORS);
    Path shipment = folder.resolve("shipment.csv");
    try (TestOffice office = new TestOffice(folder);
        Street street =
            Street.of(
                StreetSettings.of(2)
                    .withSeed(40)
                    .withHistory(Duration.ZERO)
                    .withEvery(Duration.ofSeconds(1)),
                Households.load(),
                InstantSource.system())) {
      office.start();
      street.writeShipment(shipment, OfficeKeyFile.read(office.publicKey()));
      assertThat(office.importShipment(shipment)).isEqualTo(2);
      try (SlowAttack attack =
          SlowAttack.start(office.headEnd(), InetAddress.getByAddress(ATTACKER), CONNECTIONS)) {
        await().atMost(Duration.ofSeconds(60)).until(() -> attack.opened() >= CONNECTIONS);
        street.start(office.headEnd());
        await().atMost(Duration.ofSeconds(60)).until(() -> street.stats().confirmed() >= 20);
        System.out.printf(
            "slow attack: %d connections opened, %d closed by the head-end, %d open; "
                + "honest pushes: slowest %.0f ms of %d%n",
            attack.opened(),
            attack.closedByHeadEnd(),
            attack.open(),
            street.stats().p99Millis(),
            street.stats().confirmed());
      }
      // of so few pushes, the 99th percentile is the slowest
      assertThat(street.stats().confirmed()).isLessThan(100);
      assertThat(street.stats().p99Millis()).isLessThan(MOST_MILLIS);
      assertThat(street.journal().drain().stream().map(c -> c.serial()).distinct())
          .as("the meter elsewhere and the one at the attacker's address")
          .containsExactlyInAnyOrder("GW-0000001", "GW-0000002");
    }
  }
}
