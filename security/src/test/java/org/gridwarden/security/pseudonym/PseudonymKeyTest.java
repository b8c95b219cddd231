package org.gridwarden.security.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudonymKeyTest {
  @TempDir private Path folder;

  @Test
  @DisplayName(
      "C32: a pseudonym is HMAC-SHA-256 under a key that lies wrapped in a file of its own")
  void pseudonyms() throws Exception {
    OfficeKey office = OfficeKey.open(folder);
    PseudonymKey key = PseudonymKey.open(folder, office);
    Pseudonym one = key.of("household/7");
    assertThat(key.of("household/7")).isEqualTo(one);
    assertThat(key.of("household/8")).isNotEqualTo(one);
    assertThat(PseudonymKey.open(folder, office).of("household/7")).isEqualTo(one);

    byte[] file = Files.readAllBytes(folder.resolve("pseudonym-key.wrapped"));
    try (Secret secret = office.unseal(file, "pseudonyms")) {
      assertThat(secret.length()).isEqualTo(32);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.copy(), "HmacSHA256"));
      String digest = HexFormat.of().formatHex(mac.doFinal("household/7".getBytes("UTF-8")));
      assertThat(digest).startsWith(one.value());
      assertThat(HexFormat.of().formatHex(file))
          .doesNotContain(HexFormat.of().formatHex(secret.copy()));
    }
    assertThat(key.toString()).isEqualTo("PseudonymKey");
  }

  @Test
  @DisplayName("C32: a key that was replaced is gone: old pseudonyms are those of nobody")
  void replaced() throws Exception {
    OfficeKey office = OfficeKey.open(folder);
    PseudonymKey key = PseudonymKey.open(folder, office);
    Pseudonym before = key.of("meter/1");
    key.replace();
    assertThat(key.of("meter/1")).isNotEqualTo(before);
    assertThat(PseudonymKey.open(folder, office).of("meter/1")).isEqualTo(key.of("meter/1"));
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .filteredOn(name -> name.startsWith("pseudonym"))
          .containsExactly("pseudonym-key.wrapped");
    }
  }

  @Test
  void anotherOfficesKey(@TempDir Path other) throws Exception {
    var unused = PseudonymKey.open(folder, OfficeKey.open(folder));
    OfficeKey stranger = OfficeKey.open(other);
    assertThatThrownBy(() -> PseudonymKey.open(folder, stranger))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restore both together");
  }
}
