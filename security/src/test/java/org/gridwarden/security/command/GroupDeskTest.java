package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GroupDeskTest {
  private Instant now = Instant.parse("2026-11-26T00:00:00Z");
  private KeyPair operator;
  private GroupDesk desk;

  @BeforeEach
  void meter() throws Exception {
    operator = pair();
    desk =
        new GroupDesk(
            "F-1",
            id ->
                Arrays.equals(id, Signed.keyId(operator.getPublic()))
                    ? Optional.of(operator.getPublic())
                    : Optional.empty(),
            () -> now);
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private byte[] call(int id, String group, Duration from, Duration until, KeyPair by)
      throws CommandException {
    return new GroupCall(
            new CommandId(new UUID(7, id)),
            group,
            new Action.Read(),
            now.plus(from),
            now.plus(until),
            "olga")
        .sign(Signer.of(by));
  }

  private byte[] call(int id) throws CommandException {
    return call(id, "F-1", Duration.ZERO, Duration.ofMinutes(1), operator);
  }

  @Test
  @DisplayName("C1: a call is taken once, whoever repeats it")
  void once() throws Exception {
    byte[] call = call(1);
    assertThat(desk.take(call)).map(GroupCall::group).hasValue("F-1");
    assertThat(desk.take(call)).isEmpty();
    assertThat(desk.take(call(2))).isPresent();
    now = now.plusSeconds(60);
    assertThat(desk.take(call)).isEmpty(); // it is over
  }

  @Test
  @DisplayName(
      "C9, C10: a stranger's, a changed one, another group's or one of another time is not")
  void notThese() throws Exception {
    byte[] changed = call(1);
    changed[changed.length - 1] ^= 1;
    assertThat(desk.take(changed)).isEmpty();
    assertThat(desk.take(call(1, "F-1", Duration.ZERO, Duration.ofMinutes(1), pair()))).isEmpty();
    assertThat(desk.take(call(1, "F-2", Duration.ZERO, Duration.ofMinutes(1), operator))).isEmpty();
    assertThat(desk.take(call(1, "F-1", Duration.ofSeconds(1), Duration.ofMinutes(1), operator)))
        .isEmpty();
    assertThat(desk.take(call(1, "F-1", Duration.ZERO, Duration.ofDays(2), operator))).isEmpty();
    assertThat(desk.take(new byte[] {1, 2, 3})).isEmpty();
    assertThat(desk.take(call(1))).isPresent();
  }

  @Test
  @DisplayName("C40: what it remembers has a bound, and ends")
  void bounded() throws Exception {
    for (int i = 0; i < 256; i++) {
      assertThat(desk.take(call(i))).isPresent();
    }
    assertThat(desk.take(call(256))).isEmpty();
    now = now.plusSeconds(61);
    assertThat(desk.take(call(257))).isPresent();
  }
}
