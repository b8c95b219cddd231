package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DataCheckIT {
  private static final MeterId METER = new MeterId("D1");

  private Path data = Path.of("");

  @BeforeEach
  void aDatabase() throws Exception {
    data = Files.createTempDirectory("gridwarden-check");
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      var message = counted(METER, 1, slots(METER, slot("2026-03-01T10:15:00Z", 250)));
      var _ = store.intake().commit(List.of(message));
      var _ = store.folding().fold();
    }
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(data);
  }

  /** Where a relation's main fork lies. */
  private Path file(String relation) throws SQLException {
    try (Store store = Store.open(StoreSettings.embedded(data));
        Connection c = store.dataSource().getConnection();
        var s = c.prepareStatement("SELECT pg_relation_filepath(?)")) {
      s.setString(1, relation);
      try (var r = s.executeQuery()) {
        r.next();
        return data.resolve("postgresql/data").resolve(r.getString(1));
      }
    }
  }

  private void flip(Path file, long at) throws Exception {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(at);
      int was = raw.read();
      raw.seek(at);
      raw.write(was ^ 0x10);
    }
  }

  @Test
  @DisplayName("S9: a flipped bit in a table's file is found, and named in plain words")
  void flipped() throws Exception {
    DataCheck.Result whole = DataCheck.pages(data);
    assertThat(whole.pages()).isGreaterThan(500);
    assertThat(whole.damages()).as("every page of a fresh database holds").isEmpty();
    Path file = file("interval_block_2026_03");
    flip(file, 8_000);
    DataCheck.Result damaged = DataCheck.pages(data);
    assertThat(damaged.damages())
        .singleElement()
        .satisfies(d -> {
          assertThat(d.block()).isZero();
          assertThat(d.fork()).isEqualTo("main");
          assertThat(file.toString()).endsWith(d.file().toString());
        });
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      assertThat(DataCheck.relation(store, damaged.damages().getFirst().filenode()))
          .contains(
              new DataCheck.Relation(
                  "interval_block_2026_03", false, "interval readings, a civil day a row"));
      assertThat(DataCheck.relation(store, 1)).isEqualTo(Optional.empty());
      assertThatThrownBy(() -> DataCheck.pages(data))
          .as("not while a server runs")
          .hasMessageContaining("another gridwarden uses it");
    }
    assertThat(flippedBack(file)).isEmpty();
  }

  private List<DataCheck.Damage> flippedBack(Path file) throws Exception {
    flip(file, 8_000);
    return DataCheck.pages(data).damages();
  }

  @Test
  @DisplayName("S9: a damaged index is made again; what it leads to is whole")
  void index() throws Exception {
    Path file = file("meter_pkey");
    flip(file, 8_192 + 8_000);
    DataCheck.Result damaged = DataCheck.pages(data);
    assertThat(damaged.damages()).hasSize(1);
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      DataCheck.Relation index =
          DataCheck.relation(store, damaged.damages().getFirst().filenode()).orElseThrow();
      assertThat(index.index()).isTrue();
      assertThat(DataCheck.rebuild(store, List.of(index))).containsExactly("meter_pkey");
    }
    assertThat(DataCheck.pages(data).damages()).isEmpty();
  }
}
