package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.gridwarden.channel.zigbee.upgrade.OtaFile;
import org.gridwarden.channel.zigbee.upgrade.Upgrade;
import org.gridwarden.core.Image;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.zigbee.meter.OtaClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Firmware over the model's air, block by block. */
class UpgradeTest {
  private static final FirmwareVersion RUNS = new FirmwareVersion(1, 4, 2);
  private static final FirmwareVersion NEXT = new FirmwareVersion(1, 5, 0);
  private static final int SIZE = 30_000;

  /** Ten blocks a second. */
  private static final int RATE = 480;

  private static KeyPair maker;
  private static KeyPair somebody;

  private final ModelAir air = new ModelAir(0.03, 11);
  private final Memory memory = new Memory();
  private final OtaClient client = air.meter.upgradable(memory);
  private UnaryOperator<Zcl> down = UnaryOperator.identity();
  private int refusals;

  @BeforeAll
  static void keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    maker = generator.generateKeyPair();
    somebody = generator.generateKeyPair();
  }

  /** What the meter has: an image that its maker signed, and not one before that. */
  private static final class Memory implements OtaClient.Store {
    private Optional<byte[]> waiting = Optional.empty();

    @Override
    public long running() {
      return OtaFile.version(RUNS);
    }

    @Override
    public boolean take(byte[] image) {
      try {
        FirmwareManifest manifest = FirmwarePackage.open(image, Memory::trusted).manifest();
        if (manifest.version().compareTo(RUNS) < 0) {
          return false;
        }
        waiting = Optional.of(image);
        return true;
      } catch (CommandException e) {
        return false;
      }
    }

    private static Optional<PublicKey> trusted(byte[] id) {
      return Arrays.equals(id, Signed.keyId(maker.getPublic()))
          ? Optional.of(maker.getPublic())
          : Optional.empty();
    }
  }

  private static Image image(FirmwareVersion version, KeyPair by) throws Exception {
    byte[] bytes = new byte[SIZE];
    new Random(3).nextBytes(bytes);
    FirmwareManifest manifest =
        FirmwareManifest.of("GW-STREET", version, new FirmwareVersion(1, 0, 0), bytes);
    byte[] signed = Signed.sign(Purpose.FIRMWARE, Signer.of(by), manifest.bytes()).bytes();
    return Image.of("image-" + version, FirmwarePackage.of(signed, bytes));
  }

  /** Has the office serve this, and the meter told of it. */
  private Upgrade serve(Image image) {
    Upgrade upgrade = new Upgrade(OtaFile.of(image), () -> RATE);
    air.office(frame -> {
      if (frame.cluster() != Clusters.UPGRADE) {
        return;
      }
      assertThat(frame.secured()).isTrue();
      Zcl zcl = Zcl.parse(frame.payload()).orElseThrow();
      if (zcl.command() == Upgrade.END && zcl.payload()[0] != 0) {
        refusals++;
      }
      upgrade
          .take(zcl.command(), zcl.payload(), air.time.now() * 1_000)
          .map(a -> new Zcl(true, true, zcl.sequence(), a.command(), a.payload()))
          .ifPresent(answer -> air.say(Clusters.UPGRADE, true, down.apply(answer)));
    });
    tell(upgrade);
    return upgrade;
  }

  private void tell(Upgrade upgrade) {
    air.run(10); // it has joined
    air.say(Clusters.UPGRADE, true, new Zcl(true, true, 0, Upgrade.NOTIFY, upgrade.notification()));
  }

  private void until(Upgrade upgrade, Upgrade.State state) {
    for (int i = 0; i < 600 && upgrade.state() != state; i++) {
      air.run(1);
    }
    assertThat(upgrade.state()).isEqualTo(state);
  }

  @Test
  @DisplayName("C34: an image goes over the air, no faster than it may, and waits for an order")
  void anImageArrives() throws Exception {
    Image image = image(NEXT, maker);
    Upgrade upgrade = serve(image);
    long begun = air.time.now();
    until(upgrade, Upgrade.State.WHOLE);
    assertThat(memory.waiting).hasValue(image.part(0, image.size()));
    assertThat(upgrade.reached()).isEqualTo(upgrade.file().size());
    assertThat((air.time.now() - begun) / 1_000_000)
        .isGreaterThanOrEqualTo(upgrade.file().size() / RATE - 1);
    assertThat(client.blocks()).isEqualTo(Math.ceilDiv(upgrade.file().size(), 48));

    Upgrade restarted = serve(image); // an office that knows nothing of it any more
    until(restarted, Upgrade.State.WHOLE);
    assertThat(client.blocks())
        .as("the meter has it already")
        .isEqualTo(Math.ceilDiv(upgrade.file().size(), 48));
  }

  @Test
  @DisplayName("C34: a block that was changed is found at the end, by the maker's signature")
  void aChangedBlockIsFound() throws Exception {
    down =
        zcl -> {
          byte[] other = zcl.payload().clone();
          if (zcl.command() == Upgrade.BLOCK_RESPONSE
              && other[0] == 0
              && Zcl.number(other, 9, 4) == 12_000) {
            other[20] ^= 1;
          }
          return new Zcl(true, true, zcl.sequence(), zcl.command(), other);
        };
    Upgrade upgrade = serve(image(NEXT, maker));
    until(upgrade, Upgrade.State.REFUSED);
    assertThat(memory.waiting).isEmpty();
    assertThat(refusals).isEqualTo(1);
  }

  @Test
  @DisplayName("C34: an image that somebody else has signed is refused")
  void anotherMakersIsRefused() throws Exception {
    until(serve(image(NEXT, somebody)), Upgrade.State.REFUSED);
    assertThat(memory.waiting).isEmpty();
  }

  @Test
  @DisplayName("C34: a meter never goes back, whatever the header says")
  void neverBack() throws Exception {
    Upgrade older = serve(image(new FirmwareVersion(1, 4, 1), maker));
    air.run(60);
    assertThat(older.state()).isEqualTo(Upgrade.State.REFUSED);
    assertThat(client.blocks()).as("not even carried").isZero();
  }

  @Test
  void aBreakCostsNothing() throws Exception {
    Image image = image(NEXT, maker);
    Upgrade first = serve(image);
    air.run(20);
    int there = client.loaded();
    assertThat(there).isBetween(48, SIZE - 1);
    air.office(frame -> {}); // the office is gone
    air.run(300);
    Upgrade again = serve(image);
    until(again, Upgrade.State.WHOLE);
    assertThat(client.blocks()).as("none twice").isEqualTo(Math.ceilDiv(first.file().size(), 48));
    assertThat(memory.waiting).hasValue(image.part(0, image.size()));
  }

  @Test
  void theHeaderIsTheStandards() throws Exception {
    OtaFile file = OtaFile.of(image(NEXT, maker));
    Upgrade upgrade = new Upgrade(file, () -> RATE);
    byte[] block = HexFormat.of().parseHex("00" + "feff" + "0000" + "00504000" + "00000000" + "30");
    Upgrade.Answer answer = upgrade.take(Upgrade.BLOCK, block, 0).orElseThrow();
    assertThat(HexFormat.of().formatHex(answer.payload()))
        .startsWith(
            "00" // success
                + "feff" // manufacturer
                + "0000" // image type
                + "00504000" // version 1.5.0 in ten, ten and twelve bits
                + "00000000" // offset
                + "30" // 48 bytes
                + "1ef1ee0b" // file identifier
                + "0001" // header version
                + "3800" // 56 bytes of header
                + "0000" // field control
                + "feff"
                + "0000"
                + "00504000"
                + "0200" // stack: Zigbee PRO
                + HexFormat.of().formatHex("GW-STREET 1.5.0".getBytes("US-ASCII")));
    assertThat(upgrade.take(Upgrade.BLOCK, block, 1).orElseThrow().payload()[0] & 0xFF)
        .as("too soon")
        .isEqualTo(0x97);
    assertThatThrownBy(() -> OtaFile.version(new FirmwareVersion(1_024, 0, 0)))
        .hasMessageContaining("no room");
    assertThatThrownBy(() -> OtaFile.of(Image.of("x", new byte[200])))
        .hasMessageContaining("no maker's manifest");
  }
}
