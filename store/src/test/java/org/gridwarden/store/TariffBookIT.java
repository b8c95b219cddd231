package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.LocalDate;
import org.gridwarden.core.Actor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself refuses of tariffs, whoever asks. */
class TariffBookIT {
  private static final Actor BEA = new Actor(Actor.Kind.PERSON, "bea");
  private static final byte[] DOCUMENT = "{}".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE tariff SET document = '\\x7b7d' WHERE id = 'kept'",
        "UPDATE tariff SET valid_from = '2020-01-01' WHERE id = 'kept'",
        "DELETE FROM tariff WHERE id = 'kept'",
        "TRUNCATE tariff",
        "DELETE FROM price_file",
        "TRUNCATE price_file"
      })
  void aVersionNeverChanges(String sql) throws Exception {
    if (SharedStore.store().tariffs().newest("kept").isEmpty()) {
      assertThat(add("kept", DOCUMENT)).isTrue();
      SharedStore.store()
          .unitOfWork()
          .call(tx -> {
            SharedStore.store().tariffs().addPrices(tx, hash(DOCUMENT), DOCUMENT, BEA);
            return 0;
          });
    }
    try (var c = SharedStore.store().transactions().source().getConnection();
        var s = c.createStatement()) {
      assertThatThrownBy(() -> s.execute(sql))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("tariffs are added to, never changed");
    }
    assertThat(SharedStore.store().tariffs().newest("kept").orElseThrow().document())
        .isEqualTo(DOCUMENT);
  }

  @Test
  void aDocumentIsOfItsHash() {
    assertThatThrownBy(() -> add("other", "[]".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void eachAdditionIsInTheAuditLog() {
    long before =
        SharedStore.number("SELECT count(*) FROM audit_log WHERE action = 'tariff.added'");
    assertThat(add("logged", DOCUMENT)).isTrue();
    assertThat(add("logged", DOCUMENT)).isFalse(); // version 1 is there
    assertThat(SharedStore.number("SELECT count(*) FROM audit_log WHERE action = 'tariff.added'"))
        .isEqualTo(before + 1);
  }

  private static boolean add(String id, byte[] document) {
    TariffBook.Fresh fresh =
        new TariffBook.Fresh(
            id,
            1,
            LocalDate.of(2027, 1, 1),
            "urdb",
            hash(DOCUMENT),
            document,
            new byte[] {1},
            new byte[] {2});
    return SharedStore.store()
        .unitOfWork()
        .call(tx -> SharedStore.store().tariffs().add(tx, fresh, BEA));
  }

  private static byte[] hash(byte[] document) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(document);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
