package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C9, C39: a hostile head-end that has the seal hands in whatever it likes: without an operator's
 * signature a desk does nothing, and fails in its own words only.
 */
class DeskFuzz {
  private static final Secret SEAL = new Secret(new byte[32]);
  private static final KeyPair KEY = pair();
  private static final MeterId METER = new MeterId("M");

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyOrder(byte[] input) {
    AtomicLong seen = new AtomicLong(-1);
    AtomicInteger acts = new AtomicInteger();
    OrderDesk desk =
        new OrderDesk(
            METER,
            SEAL,
            id -> Optional.of(KEY.getPublic()), // whichever key it names
            Signer.of(KEY),
            new OrderDesk.Counter() {
              @Override
              public long seen() {
                return seen.get();
              }

              @Override
              public void seen(long counter) {
                seen.set(counter);
              }
            },
            action -> {
              acts.incrementAndGet();
              return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "");
            },
            InstantSource.system());
    for (byte[] dispatch : new byte[][] {input, new Dispatch(1, input).seal(SEAL)}) {
      try {
        desk.take(dispatch);
      } catch (CommandException e) {
        // refused
      }
    }
    assertThat(acts).hasValue(0);
    assertThat(seen).as("what is not signed uses no counter up").hasValue(-1);
  }

  static Stream<Arguments> seeds() throws CommandException {
    Instant now = Instant.ofEpochSecond(1_000);
    Order order =
        new Order(
            new CommandId(new UUID(1, 2)),
            METER,
            new Action.Disconnect(),
            now,
            now.plusSeconds(9),
            "o");
    return Stream.of(
            order.bytes(),
            Signed.sign(Purpose.RECEIPT, Signer.of(KEY), order.bytes()).bytes(),
            Signed.sign(Purpose.ORDER, Signer.of(pair()), order.bytes()).bytes(),
            new byte[0])
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
