package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C34, C39: whatever is carried to a meter as firmware, its maker signed it, or it is refused. */
class FirmwarePackageFuzz {
  private static final KeyPair MAKER = pair();
  private static final byte[] IMAGE = "firmware".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final byte[] GENUINE = genuine();

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] genuine() {
    FirmwareVersion one = new FirmwareVersion(1, 0, 0);
    try {
      byte[] manifest = FirmwareManifest.of("GW", one, one, IMAGE).bytes();
      return FirmwarePackage.of(
          Signed.sign(Purpose.FIRMWARE, Signer.of(MAKER), manifest).bytes(), IMAGE);
    } catch (CommandException e) {
      throw new AssertionError(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      // whatever key it names, the maker's is tried: only the maker's bytes pass
      FirmwarePackage opened = FirmwarePackage.open(input, id -> Optional.of(MAKER.getPublic()));
      assertThat(opened.manifest().model()).isEqualTo("GW");
      opened.manifest().check(IMAGE);
    } catch (CommandException e) {
      // refused
    }
  }

  static Stream<Arguments> seeds() {
    byte[] bent = GENUINE.clone();
    bent[bent.length - 1] ^= 1;
    byte[] cut = java.util.Arrays.copyOf(GENUINE, 60);
    return Stream.of(GENUINE, bent, cut, new byte[] {'G', 'W', 'F', '2', -1, -1, 0})
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
