package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of earlier versions, made by their migrations and rows as they wrote them. */
class UpgradeIT {
  private static final MeterId METER = new MeterId("OLD-1");

  private Path data = Path.of("");

  @BeforeEach
  void makeFolder() throws Exception {
    data = Files.createTempDirectory("gridwarden-upgrade");
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "11"})
  @DisplayName(
      "C38: a folder of an earlier version is opened, what it holds is there still, and somebody is"
          + " told before it is changed")
  void opened(String version) throws Exception {
    make(version);
    List<String> told = new ArrayList<>();
    Upgrade upgrade = (from, to) -> told.add(from + " to " + to);
    try (Store store = Store.open(StoreSettings.embedded(data), InstantSource.system(), upgrade)) {
      assertThat(told).singleElement().asString().startsWith(version + " to ");
      assertThat(store.meters().byId(METER)).isPresent();
      try (var slots = store.readings().slots(METER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
        assertThat(slots)
            .containsExactly(
                slot("2026-03-01T00:00:00Z", 10),
                slot("2026-03-01T00:15:00Z", 11),
                slot("2026-03-02T10:00:00Z", 12));
      }
      assertThat(store.users().all())
          .singleElement()
          .satisfies(u -> assertThat(u.name()).isEqualTo("olga"));
      assertThat(store.auditTrail().before(Long.MAX_VALUE, 10))
          .extracting(AuditTrail.Entry::detail)
          .containsExactly("what olga did");
      assertThat(store.auditTree().grow()).isEqualTo(1);
      assertThat(store.sendCounter().reserve(METER, new byte[] {1}, 10)).isEqualTo(500);
      // its replay window holds: what was seen is not new, what comes is
      assertThat(store.intake().commit(List.of(message(8)))).containsExactly(new Outcome.Stored());
      assertThat(store.epochs().all()).hasSize(1);
    }
    told.clear();
    Store.open(StoreSettings.embedded(data), InstantSource.system(), upgrade).close();
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("a folder of a newer version is refused in one line, and left as it is")
  void newer() throws Exception {
    Store.open(StoreSettings.embedded(data)).close();
    sql(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success) VALUES (900, '900', 'future',"
            + " 'SQL', 'V900__future.sql', 1, 'x', 1, true)");
    assertThatThrownBy(() -> Store.open(StoreSettings.embedded(data)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("a newer Gridwarden (schema 900")
        .hasMessageContaining("restore a backup");
  }

  @Test
  @DisplayName("where what must come before an upgrade fails, nothing is changed")
  void stopped() throws Exception {
    make("11");
    assertThatThrownBy(() ->
            Store.open(
                StoreSettings.embedded(data),
                InstantSource.system(),
                (from, to) -> {
                  throw new IllegalStateException("no room for a backup");
                }))
        .hasMessage("no room for a backup");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0);
        Connection c =
            EmbeddedPostgres.administrator(
                new PostgresFolder(data.resolve("postgresql")),
                postgres.port(),
                EmbeddedPostgres.DATABASE);
        var s = c.createStatement();
        var r = s.executeQuery("SELECT to_regclass('office_epoch')")) {
      r.next();
      assertThat(r.getString(1)).isNull();
    }
  }

  private static org.gridwarden.core.Received message(long counter) {
    return counted(METER, counter, slots(METER, slot("2026-03-02T10:00:00Z", 12)));
  }

  private void make(String version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      Flyway.configure()
          .dataSource(postgres.url(), EmbeddedPostgres.USER, postgres.password())
          .locations("classpath:db/migration")
          .target(MigrationVersion.fromVersion(version))
          .load()
          .migrate();
    }
    try (InputStream in = UpgradeIT.class.getResourceAsStream("rows-of-v6.sql")) {
      sql(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private void sql(String text) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0);
        Connection c =
            java.sql.DriverManager.getConnection(
                postgres.url(), EmbeddedPostgres.USER, postgres.password());
        var s = c.createStatement()) {
      s.execute(text);
    }
  }
}
