package org.gridwarden.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a message, it is one, or it is refused by the one exception. */
class SecuredFuzz {
  private static final MeterId METER = new MeterId("M");
  private static final KeySet SET =
      new KeySet(new byte[] {'1'}, new Secret(new byte[32]), new Secret(new byte[0]));
  private static final MessageKeys KEYS =
      MessageKeys.of(METER, SET, Direction.UP, Algorithm.A256GCM);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      Secured secured = Secured.parse(input);
      assertThat(secured.header().counter()).isBetween(0L, Header.COUNTERS - 1);
      Payload.read(secured.header(), secured.open(KEYS));
    } catch (MessageException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  static Stream<Arguments> seeds() {
    byte[] genuine =
        Secured.seal(
            new Header(
                Algorithm.A256GCM, Form.SENML_CBOR, SET.keyId(), 7, METER, MessageClass.USAGE),
            KEYS,
            HexFormat.of().parseHex("81a4221a6b079b70006533322e372e300161560218e6"));
    return Stream.of(
            genuine,
            HexFormat.of().parseHex("d08340a05b7fffffffffffffff"), // a text of 2^63 - 1 bytes
            HexFormat.of().parseHex("d0835b00000000ffffffff00"),
            HexFormat.of().parseHex("d08358" + "20" + "bf".repeat(32) + "a04f" + "00".repeat(15)),
            HexFormat.of().parseHex("d0".repeat(300)))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
