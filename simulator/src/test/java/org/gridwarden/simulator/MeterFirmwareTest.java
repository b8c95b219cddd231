package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.ImageTransfer;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.OrderDesk.Breaker.Done;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterFirmwareTest {
  private static final int BLOCK = 1_024;
  private static final KeyPair MAKER = pair();
  private static final byte[] IMAGE = image();

  @TempDir Path folder;

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] image() {
    byte[] image = new byte[10_000];
    new Random(7).nextBytes(image);
    return image;
  }

  private MeterFirmware meter() throws IOException {
    return new MeterFirmware(
        MeterMemory.of(folder.resolve("1")),
        id ->
            Arrays.equals(id, Signed.keyId(MAKER.getPublic()))
                ? Optional.of(MAKER.getPublic())
                : Optional.empty());
  }

  private static FirmwareManifest manifest(String model, String version, String minimum) {
    return FirmwareManifest.of(
        model, FirmwareVersion.parse(version), FirmwareVersion.parse(minimum), IMAGE);
  }

  private static byte[] signed(FirmwareManifest manifest) throws CommandException {
    return FirmwarePackage.of(
        Signed.sign(Purpose.FIRMWARE, Signer.of(MAKER), manifest.bytes()).bytes(), IMAGE);
  }

  private static Action.UpdateFirmware order(FirmwareManifest manifest) {
    return new Action.UpdateFirmware(manifest.version().toString(), manifest.sha256());
  }

  private static void begin(ImageTransfer to, byte[] bytes) {
    assertThat(
            to.invoke(
                    1,
                    Optional.of(
                        DlmsData.Structure.of(
                            DlmsData.OctetString.of("x".getBytes(StandardCharsets.US_ASCII)),
                            new DlmsData.DoubleLongUnsigned(bytes.length))))
                .result())
        .isEqualTo(AccessResult.SUCCESS);
  }

  private static void blocks(ImageTransfer to, byte[] bytes, int from, int upTo) {
    for (int i = from; i < upTo; i++) {
      byte[] block = Arrays.copyOfRange(bytes, i * BLOCK, Math.min(bytes.length, (i + 1) * BLOCK));
      assertThat(
              to.invoke(
                      2,
                      Optional.of(
                          DlmsData.Structure.of(
                              new DlmsData.DoubleLongUnsigned(i), DlmsData.OctetString.of(block))))
                  .result())
          .isEqualTo(AccessResult.SUCCESS);
    }
  }

  private static void carry(ImageTransfer to, byte[] bytes) {
    begin(to, bytes);
    blocks(to, bytes, 0, Math.ceilDiv(bytes.length, BLOCK));
  }

  @Test
  @DisplayName("C34: a transfer outlives the power, and what was ordered runs")
  void outlivesThePower() throws Exception {
    FirmwareManifest manifest = manifest(MeterFirmware.MODEL, "2.0.0", "1.0.0");
    byte[] bytes = signed(manifest);
    MeterFirmware before = meter();
    begin(before.transfer(), bytes);
    blocks(before.transfer(), bytes, 0, 6);
    blocks(before.transfer(), bytes, 8, 9);

    MeterFirmware after = meter();
    assertThat(after.transfer().blocks()).isEqualTo(Math.ceilDiv(bytes.length, BLOCK));
    assertThat(after.transfer().there()).isEqualTo(7);
    assertThat(after.update(order(manifest)).detail()).contains("7 of 10 blocks");
    blocks(after.transfer(), bytes, 6, 8);
    blocks(after.transfer(), bytes, 9, after.transfer().blocks());
    Done done = after.update(order(manifest));
    assertThat(done).isEqualTo(new Done(CommandState.CONFIRMED, "runs GW-STREET 2.0.0"));
    assertThat(after.running()).isEqualTo(new FirmwareVersion(2, 0, 0));
    assertThat(folder.resolve("1.image")).as("its room is free again").doesNotExist();
  }

  @Test
  @DisplayName(
      "C34: another order, another model, too old a meter, a bent byte, nothing at all: refused")
  void refused() throws Exception {
    FirmwareManifest good = manifest(MeterFirmware.MODEL, "2.0.0", "1.0.0");
    MeterFirmware meter = meter();
    assertThat(meter.update(order(good)).detail()).isEqualTo("no image was transferred");

    carry(meter.transfer(), signed(good));
    Done other = meter.update(new Action.UpdateFirmware("2.0.0", new byte[32]));
    assertThat(other.outcome()).isEqualTo(CommandState.REFUSED);
    assertThat(other.detail()).startsWith("the order is for 2.0.0 0000000000000000, the image");

    FirmwareManifest stranger = manifest("GW-OTHER", "2.0.0", "1.0.0");
    carry(meter.transfer(), signed(stranger));
    assertThat(meter.update(order(stranger)).detail())
        .isEqualTo("the image is for GW-OTHER, and this is GW-STREET");

    FirmwareManifest late = manifest(MeterFirmware.MODEL, "3.0.0", "2.5.0");
    carry(meter.transfer(), signed(late));
    assertThat(meter.update(order(late)).detail())
        .isEqualTo("it runs 1.0.0, and the image wants 2.5.0 or later");

    byte[] bent = signed(good);
    bent[bent.length - 1] ^= 1;
    carry(meter.transfer(), bent);
    assertThat(meter.update(order(good)).detail()).startsWith("the image's SHA-256 is ");
    assertThat(meter.running()).isEqualTo(MeterFirmware.MADE);
  }

  @Test
  @DisplayName("C34: who has the meter's keys fills the place of an image, and activates nothing")
  void keysAlone() throws Exception {
    ImageTransfer transfer = meter().transfer();
    assertThat(DeskRights.INSTANCE.invokes(transfer, 1)).isTrue();
    assertThat(DeskRights.INSTANCE.invokes(transfer, 2)).isTrue();
    assertThat(DeskRights.INSTANCE.invokes(transfer, 3)).isFalse();
    assertThat(DeskRights.INSTANCE.invokes(transfer, 4)).isFalse();
  }

  @Test
  void aFileThatIsNoImageIsThrownAway() throws Exception {
    Files.write(folder.resolve("1.image"), new byte[50]);
    assertThat(meter().transfer().status()).isEqualTo(ImageTransfer.Status.NOT_INITIATED);
    assertThat(meter().transfer().blocks()).isZero();
  }
}
