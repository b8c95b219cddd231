package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.block;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;
import static org.gridwarden.store.Messages.values;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoreRestartIT {
  private static final MeterId METER = new MeterId("R1");
  private static final byte[] NONE = {};

  private Path data = Path.of("");

  @BeforeEach
  void makeFolder() throws Exception {
    data = Files.createTempDirectory("gridwarden-restart");
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(data);
  }

  @Test
  @DisplayName(
      "C38, C2 what was acknowledged survives kill -9 of PostgreSQL; no counter comes again")
  void killed() throws Exception {
    Set<Long> counters = new HashSet<>();
    Store store = Store.open(StoreSettings.embedded(data));
    try {
      SharedStore.register(store, METER);
      var first = counted(METER, 1, slots(METER, slot("2026-03-01T10:15:00Z", 250)));
      assertThat(store.intake().commit(List.of(first))).containsExactly(new Outcome.Stored());
      counters.add(store.sendCounter().reserve(METER, new byte[] {1}, 100));
      ProcessHandle postgres =
          ProcessHandle.of(store.databaseProcess().orElseThrow()).orElseThrow();
      postgres.destroyForcibly();
      postgres.onExit().get(20, TimeUnit.SECONDS);
    } finally {
      store.close();
    }
    try (Store again = Store.open(StoreSettings.embedded(data))) {
      try (var slots = again.readings().slots(METER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
        assertThat(slots).containsExactly(slot("2026-03-01T10:15:00Z", 250));
      }
      assertThat(counters.add(again.sendCounter().reserve(METER, new byte[] {1}, 100))).isTrue();
      assertThat(counters).containsExactlyInAnyOrder(0L, 100L);
    }
  }

  @Test
  @DisplayName(
      "a PostgreSQL that outlived its office is found again; settings are what they must be")
  void adopted() throws Exception {
    long orphan;
    DataFolder held = DataFolder.hold(data);
    try {
      // what kill -9 of the office leaves: the child runs on, and nobody holds the folder
      orphan = EmbeddedPostgres.start(data, 0).pid();
    } finally {
      held.close();
    }
    try (Store store = Store.open(StoreSettings.embedded(data));
        Connection c = store.dataSource().getConnection()) {
      assertThat(store.databaseProcess()).contains(orphan);
      assertThat(Durability.show(c, "fsync")).isEqualTo("on");
      assertThat(Durability.show(c, "synchronous_commit")).isEqualTo("on");
      assertThat(Durability.show(c, "full_page_writes")).isEqualTo("on");
      assertThat(Durability.show(c, "data_checksums")).isEqualTo("on");
      assertThat(Durability.show(c, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThatThrownBy(() -> Store.open(StoreSettings.embedded(data)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another gridwarden uses it");
    }
    assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  @DisplayName("a folder that cannot be written is one clear line")
  void unwritable() throws Exception {
    Path file = Files.createFile(data.resolve("file"));
    assertThatThrownBy(() -> Store.open(StoreSettings.embedded(file.resolve("data"))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  @DisplayName(
      "C38 a PostgreSQL that dies under its office is started again, with all that was said")
  void diesUnderUs() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      var first = counted(METER, 1, slots(METER, slot("2026-03-01T10:15:00Z", 250)));
      assertThat(store.intake().commit(List.of(first))).containsExactly(new Outcome.Stored());
      for (int kill = 0; kill < 2; kill++) {
        long pid = store.databaseProcess().orElseThrow();
        ProcessHandle postgres = ProcessHandle.of(pid).orElseThrow();
        postgres.destroyForcibly();
        postgres.onExit().get(20, TimeUnit.SECONDS);
        // whoever asks meanwhile is refused or waits, and is answered rightly in the end
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsInstanceOf(StoreException.class)
            .untilAsserted(() ->
                assertThat(store.intake().commit(List.of(first)))
                    .containsExactly(new Outcome.Duplicate()));
        assertThat(store.databaseProcess().orElseThrow()).isNotEqualTo(pid);
        assertThat(store.health().state()).isEqualTo(Health.State.UP);
      }
      var second = counted(METER, 2, slots(METER, slot("2026-03-01T10:30:00Z", 251)));
      assertThat(store.intake().commit(List.of(second))).containsExactly(new Outcome.Stored());
    }
  }

  @Test
  @DisplayName("a byte that changed on the disk is found when it is read, and said")
  void flippedByte() throws Exception {
    String file;
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      var day = Messages.blocks(block(METER, "2026-03-01", ZoneOffset.UTC, values(96, 1), NONE));
      assertThat(store.intake().commit(List.of(counted(METER, 1, day))))
          .containsExactly(new Outcome.Stored());
      try (Connection c = store.dataSource().getConnection();
          var s = c.createStatement();
          var r = s.executeQuery("SELECT pg_relation_filepath('interval_block_2026_03')")) {
        r.next();
        file = r.getString(1);
      }
    }
    Path page = data.resolve("postgresql/data").resolve(file);
    byte[] bytes = Files.readAllBytes(page);
    bytes[8_000] ^= 1;
    Files.write(page, bytes);
    try (Store again = Store.open(StoreSettings.embedded(data))) {
      assertThatThrownBy(
              () -> {
                try (var slots =
                    again.readings().slots(METER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
                  slots.toList();
                }
              })
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("invalid page");
    }
  }
}
