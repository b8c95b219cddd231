package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a command or a receipt, it is one in the one way, or it is refused. */
class CommandFuzz {
  private static final Secret SEAL = new Secret(new byte[32]);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      assertThat(Order.parse(input).bytes()).isEqualTo(input);
    } catch (CommandException e) {
      // refused
    }
    try {
      assertThat(MeterReceipt.parse(input).bytes()).isEqualTo(input);
    } catch (CommandException e) {
      // refused
    }
    try {
      assertThat(Signed.parse(input).keyId()).hasSize(Signed.KEY_ID);
    } catch (CommandException e) {
      // refused
    }
    try {
      Dispatch opened = Dispatch.open(input, SEAL);
      assertThat(opened.counter()).isNotNegative();
    } catch (CommandException e) {
      // refused
    }
  }

  static Stream<Arguments> seeds() {
    CommandId id = new CommandId(new UUID(1, 2));
    MeterId meter = new MeterId("M");
    Instant at = Instant.ofEpochSecond(1_000);
    byte[] order =
        new Order(
                id,
                meter,
                new Action.Configure("0.0.1.0.0.255:8:3", new byte[3]),
                at,
                at.plusSeconds(9),
                "o")
            .bytes();
    return Stream.of(
            order,
            new MeterReceipt(id, meter, CommandState.READY, at, "").bytes(),
            new Dispatch(7, order).seal(SEAL),
            HexFormat.of().parseHex("9f".repeat(5_000)), // arrays in arrays
            HexFormat.of().parseHex("5b7fffffffffffffff"), // a byte string of 2^63 - 1 bytes
            HexFormat.of().parseHex("9b7fffffffffffffff01"),
            HexFormat.of().parseHex("bf".repeat(100)),
            HexFormat.of().parseHex("d28440a05b00000000ffffffff00"))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
