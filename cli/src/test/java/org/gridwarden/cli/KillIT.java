package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server and PostgreSQL in turn under load; the meters' own journal is the judge. {@code
 * -Dgridwarden.kills=60} for the long run.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("gridwarden.kills", 20);
  private static final int METERS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  @DisplayName("C38 no acknowledged reading is lost or doubled by kill -9 of server and database")
  void killed() throws IOException, InterruptedException {
    Path journal = folder.resolve("journal");
    try (TestOffice office = new TestOffice(folder)) {
      office.start();
      ship(office);
      try (CommandProcess street =
          CommandProcess.start(
              folder,
              "street",
              "simulate",
              "--meters=" + METERS,
              "--seed=20",
              "--to=127.0.0.1:" + office.headEnd().getPort(),
              "--history=6d",
              "--every=1s",
              "--patience=2s",
              "--journal=" + journal)) {
        for (int kill = 0; kill < KILLS; kill++) {
          moreConfirmed(journal, 2 * METERS);
          if (kill % 2 == 0) {
            office.kill();
            office.start();
          } else {
            office.killDatabase(); // the server starts it again by itself
          }
        }
        moreConfirmed(journal, 2 * METERS);
        street.stop(Duration.ofSeconds(15));
      }
      office.stop();
    }
    Verdict verdict;
    try (Store store = Store.open(StoreSettings.embedded(folder.resolve("data")))) {
      verdict = new Judge(store.readings()).judge(journal);
    }
    System.out.println("after " + KILLS + " kills: " + verdict);
    assertThat(verdict.acknowledged()).isGreaterThan(1_000);
    assertThat(verdict.missing()).as(verdict.example()).isZero();
    assertThat(verdict.doubled()).as(verdict.example()).isZero();
  }

  private void ship(TestOffice office) throws IOException, InterruptedException {
    Path shipment = folder.resolve("shipment.csv");
    try (CommandProcess factory =
        CommandProcess.start(
            folder,
            "factory",
            "simulate",
            "--meters=" + METERS,
            "--seed=20",
            "--shipment=" + shipment,
            "--office-key=" + office.publicKey())) {
      assertThat(factory.exit(PATIENCE)).as(factory.err()).isZero();
    }
    assertThat(office.importShipment(shipment)).isEqualTo(METERS);
  }

  private static void moreConfirmed(Path journal, int more) throws IOException {
    long wanted = size(journal) + 150L * more; // a line has about 200 bytes
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> size(journal) >= wanted);
  }

  private static long size(Path journal) throws IOException {
    return Files.exists(journal) ? Files.size(journal) : 0;
  }
}
