package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.gridwarden.channel.zigbee.establish.Establishment;
import org.gridwarden.channel.zigbee.establish.Step;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Ephemeral;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.security.cbke.TestAuthority;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a device sends of Key Establishment, in whatever order, no key follows. */
class EstablishmentFuzz {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TestAuthority AUTHORITY = TestAuthority.make(Suite.SUITE_1, 1, RANDOM);
  private static final CbkeIdentity OFFICE = AUTHORITY.issue(1, Instant.EPOCH);
  private static final CbkeIdentity METER = AUTHORITY.issue(2, Instant.EPOCH);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    Instant[] now = {Instant.EPOCH};
    Establishment office = new Establishment(Map.of(Suite.SUITE_1, OFFICE), RANDOM, () -> now[0]);
    for (int at = 0; at + 1 < input.length; ) {
      int length = Math.min(input.length - at - 2, input[at + 1] & 0x7F);
      length = Math.max(0, length);
      byte[] payload = Arrays.copyOfRange(input, at + 2, at + 2 + length);
      Step step = office.take(2, input[at] & 0x07, payload);
      assertThat(step).isNotInstanceOf(Step.Agreed.class);
      now[0] = now[0].plusSeconds(11);
      at += 2 + length;
    }
  }

  static Stream<Arguments> seeds() {
    byte[] certificate = METER.certificate().bytes();
    byte[] ephemeral = Ephemeral.make(Suite.SUITE_1, RANDOM).point();
    byte[] seed = new byte[2 + 4 + certificate.length + 2 + ephemeral.length + 2 + 16];
    seed[0] = Step.INITIATE;
    seed[1] = (byte) (4 + certificate.length);
    seed[2] = 1;
    System.arraycopy(certificate, 0, seed, 6, certificate.length);
    int at = 6 + certificate.length;
    seed[at] = Step.EPHEMERAL;
    seed[at + 1] = (byte) ephemeral.length;
    System.arraycopy(ephemeral, 0, seed, at + 2, ephemeral.length);
    seed[at + 2 + ephemeral.length] = Step.CONFIRM;
    seed[at + 3 + ephemeral.length] = 16;
    return Stream.of(Arguments.of((Object) seed));
  }
}
