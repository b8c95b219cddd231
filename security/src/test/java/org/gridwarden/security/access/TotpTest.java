package org.gridwarden.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.gridwarden.core.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  /** The secret of RFC 6238's appendix B: the digits 1 to 0, over and over. */
  private static Secret seed(int bytes) {
    return new Secret(
        "1234567890".repeat(7).substring(0, bytes).getBytes(StandardCharsets.US_ASCII));
  }

  /** RFC 6238, appendix B, with its seeds of 20, 32 and 64 bytes (erratum 2866). */
  @ParameterizedTest
  @CsvSource({
    "59, 94287082, 46119246, 90693936",
    "1111111109, 07081804, 68084774, 25091201",
    "1111111111, 14050471, 67062674, 99943326",
    "1234567890, 89005924, 91819424, 93441116",
    "2000000000, 69279037, 90698825, 38618901",
    "20000000000, 65353130, 77737706, 47863826"
  })
  @DisplayName("C29 the second factor's codes are those of RFC 6238's test vectors")
  void vectors(long second, String sha1, String sha256, String sha512) {
    long step = Totp.step(Instant.ofEpochSecond(second));
    assertThat(Totp.code("HmacSHA1", seed(20), step, 8)).isEqualTo(sha1);
    assertThat(Totp.code("HmacSHA256", seed(32), step, 8)).isEqualTo(sha256);
    assertThat(Totp.code("HmacSHA512", seed(64), step, 8)).isEqualTo(sha512);
    assertThat(Totp.code(seed(20), step)).isEqualTo(sha1.substring(2));
  }

  @Test
  @DisplayName("C29 a code opens once, and at most one step early or late")
  void onceAndInTime() {
    Instant now = Instant.ofEpochSecond(1_234_567_890);
    long step = Totp.step(now);
    Secret secret = seed(20);
    for (int off = -3; off <= 3; off++) {
      boolean taken = Totp.match(secret, Totp.code(secret, step + off), now, 0).isPresent();
      assertThat(taken).as("%d steps off", off).isEqualTo(Math.abs(off) <= 1);
    }
    assertThat(Totp.match(secret, "005924", now, 0)).hasValue(step);
    assertThat(Totp.match(secret, "005 924", now, step - 1)).hasValue(step);
    assertThat(Totp.match(secret, "005924", now, step)).as("shown already").isEmpty();
    for (String none : new String[] {"", "5924", "0059240", "00592x", "٠٠٥٩٢٤"}) {
      assertThat(Totp.match(secret, none, now, 0)).as(none).isEmpty();
    }
  }

  /** RFC 4648, clause 10. */
  @ParameterizedTest
  @CsvSource({
    "f, MY",
    "fo, MZXQ",
    "foo, MZXW6",
    "foob, MZXW6YQ",
    "fooba, MZXW6YTB",
    "foobar, MZXW6YTBOI"
  })
  void base32(String plain, String text) {
    assertThat(Totp.base32(new Secret(plain.getBytes(StandardCharsets.US_ASCII)))).isEqualTo(text);
  }

  @Test
  void codesToWriteDown() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String code = SpokenCode.random(16, 4);
      assertThat(code).matches("([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}");
      assertThat(seen.add(code)).isTrue();
      assertThat(SpokenCode.hash(code.toUpperCase(java.util.Locale.ROOT).replace("-", " ")))
          .isEqualTo(SpokenCode.hash(code));
    }
  }
}
