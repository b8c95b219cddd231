package org.gridwarden.security.cbke;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: any bytes are a certificate that gives a key, or are refused. */
class ImplicitCertificateFuzz {
  private static final TestAuthority[] AUTHORITIES = {
    TestAuthority.make(Suite.SUITE_1, 1, new SecureRandom()),
    TestAuthority.make(Suite.SUITE_2, 1, new SecureRandom())
  };

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    Suite suite = input.length > 0 && (input[0] & 1) == 1 ? Suite.SUITE_2 : Suite.SUITE_1;
    byte[] bytes = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    try {
      byte[] key =
          ImplicitCertificate.parse(suite, bytes)
              .publicKey(AUTHORITIES[suite.ordinal()].publicKey());
      assertThat(key).hasSize(suite.pointLength());
    } catch (CbkeException e) {
      assertThat(e.refusal()).isIn(Refusal.BAD_MESSAGE, Refusal.INVALID_CERTIFICATE);
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(AUTHORITIES)
        .map(a -> a.issue(7, Instant.EPOCH).certificate())
        .map(c -> {
          byte[] bytes = c.bytes();
          byte[] seed = new byte[bytes.length + 1];
          seed[0] = (byte) c.suite().ordinal();
          System.arraycopy(bytes, 0, seed, 1, bytes.length);
          return Arguments.of((Object) seed);
        });
  }
}
