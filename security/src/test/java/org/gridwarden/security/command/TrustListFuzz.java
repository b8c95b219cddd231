package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a trust list, it is one in the one way, or it is refused. */
class TrustListFuzz {
  private static final KeyPair KEY = pair();

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      assertThat(TrustList.parse(input).bytes()).isEqualTo(input);
    } catch (CommandException e) {
      // refused
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            new TrustList(7, List.of(KEY.getPublic()), List.of()).bytes(),
            new TrustList(Long.MAX_VALUE, List.of(), List.of(KEY.getPublic())).bytes(),
            HexFormat.of().parseHex("8401019f9f"),
            HexFormat.of().parseHex("8401019b7fffffffffffffff80"), // 2^63 - 1 keys
            HexFormat.of().parseHex("84010181" + "5b7fffffffffffffff"))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
