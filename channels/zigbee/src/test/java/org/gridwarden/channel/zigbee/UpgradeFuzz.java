package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.channel.zigbee.upgrade.OtaFile;
import org.gridwarden.channel.zigbee.upgrade.Upgrade;
import org.gridwarden.core.Image;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a device asks of OTA Upgrade, an answer fits into a frame, and nothing breaks. */
class UpgradeFuzz {
  private static final OtaFile FILE = file();

  private static OtaFile file() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair maker = generator.generateKeyPair();
      byte[] image = new byte[500];
      FirmwareVersion version = new FirmwareVersion(1, 1, 0);
      byte[] manifest = FirmwareManifest.of("M", version, version, image).bytes();
      byte[] signed = Signed.sign(Purpose.FIRMWARE, Signer.of(maker), manifest).bytes();
      return OtaFile.of(Image.of("fuzz", FirmwarePackage.of(signed, image)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    Upgrade upgrade = new Upgrade(FILE, () -> 1_000);
    long now = 0;
    for (int at = 0; at + 1 < input.length; ) {
      int length = Math.max(0, Math.min(input.length - at - 2, input[at + 1] & 0x3F));
      byte[] payload = Arrays.copyOfRange(input, at + 2, at + 2 + length);
      upgrade
          .take(input[at] & 0x0F, payload, now)
          .ifPresent(answer -> assertThat(answer.payload().length).isLessThanOrEqualTo(70));
      assertThat(upgrade.reached()).isLessThanOrEqualTo(FILE.size());
      now += 1_000_000L * (input[at] & 0xF0);
      at += 2 + length;
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "0109" + "00feff000000004000",
            "030e" + "00feff00000010400000000000" + "30",
            "0310" + "02feff00000010400000000000" + "30" + "0000",
            "0609" + "00feff000000104000",
            "0609" + "96feff000000104000")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
