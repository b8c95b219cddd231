package org.gridwarden.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.KeptKeys;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Custodians found by name, what they keep to, and an office whose key lies with one. */
class KeyCustodianTest {
  private static final MeterId METER = new MeterId("M1");
  private static final Secret NONE = new Secret(new byte[0]);

  @TempDir private Path folder;

  @Test
  @DisplayName("C18: a key service found by its name keeps to the contract")
  void contract() throws Exception {
    try (KeyCustodian cloud = KeyCustodian.open("fake-cloud", Map.of(), NONE)) {
      CustodianContract.check(cloud);
    }
    assertThatThrownBy(() -> KeyCustodian.open("none-such", Map.of(), NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fake-cloud, pkcs11");
    assertThatThrownBy(() -> KeyCustodian.open("pkcs11", Map.of("library", "/none"), NONE))
        .hasMessageContaining("/none");
    assertThatThrownBy(() -> KeyCustodian.open("pkcs11", Map.of("libary", "/none"), NONE))
        .hasMessageContaining("libary");
  }

  /** A store of one key, as it was shipped. */
  private record OneKey(AtomicReference<Wrapped> kept) implements KeptKeys {
    @Override
    public Optional<Wrapped> find(MeterId meter, Purpose purpose) {
      return Optional.of(kept.get());
    }

    @Override
    public void keepLocal(MeterId meter, Purpose purpose, Wrapped local) {
      kept.set(local);
    }

    @Override
    public void onChange(Consumer<MeterId> listener) {
      // it never changes
    }
  }

  @Test
  @DisplayName(
      "C18: an office with a custodian keeps no private key; opened keys outlive its absence")
  void office() throws Exception {
    Secret key = MasterWrap.fresh(16);
    KeyCustodian cloud = KeyCustodian.open("fake-cloud", Map.of(), NONE);
    try (OfficeKey office = OfficeKey.open(folder, cloud)) {
      assertThat(folder.resolve("office-key.pem")).doesNotExist();
      assertThat(folder.resolve("master.key")).doesNotExist();
      assertThat(office.publicKey()).isEqualTo(cloud.publicKey());
      Wrapped shipped =
          new Wrapped(new byte[] {1}, KeyWrap.forShipment(office.publicKey(), key), new byte[0]);
      OneKey kept = new OneKey(new AtomicReference<>(shipped));
      FakeCloud.away = true;
      OfficeKeyAccess access = new OfficeKeyAccess(office, kept);
      assertThat(access.keys(METER, Purpose.COMMAND_SEAL)).as("it is away").isEmpty();
      FakeCloud.away = false;
      assertThat(access.keys(METER, Purpose.COMMAND_SEAL).map(KeySet::encryption)).contains(key);
      FakeCloud.away = true;
      access.invalidate(METER);
      assertThat(access.keys(METER, Purpose.COMMAND_SEAL).map(KeySet::encryption)).contains(key);
    } finally {
      FakeCloud.away = false;
    }
    Wrapped local;
    try (OfficeKey again =
        OfficeKey.open(folder, KeyCustodian.open("fake-cloud", Map.of(), NONE))) {
      local = again.wrapLocally(METER, Purpose.COMMAND_SEAL, new KeySet(new byte[] {1}, key, NONE));
    }
    try (OfficeKey third =
        OfficeKey.open(folder, KeyCustodian.open("fake-cloud", Map.of(), NONE))) {
      assertThat(third.open(METER, Purpose.COMMAND_SEAL, local).encryption()).isEqualTo(key);
    }
    Path files = Files.createDirectory(folder.resolve("files"));
    OfficeKey.open(files).close();
    assertThatThrownBy(() -> OfficeKey.open(files, cloud))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("office key of its own");
  }

  @Test
  @DisplayName("RFC 8017: OAEP is decoded as Java's own provider does, and nothing else is")
  void oaep() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    KeyPair pair = generator.generateKeyPair();
    for (int length : new int[] {0, 1, 16, 32, 190}) {
      byte[] message = new byte[length];
      OfficeKey.random().nextBytes(message);
      byte[] encoded = raw(pair, KeyWrap.forShipment(pair.getPublic(), new Secret(message)));
      assertThat(Oaep.decode(encoded).orElseThrow()).isEqualTo(message);
      for (int at = 0; at < encoded.length; at += 17) {
        byte[] altered = encoded.clone();
        altered[at] ^= 4;
        assertThat(Oaep.decode(altered)).as("byte " + at).isEmpty();
      }
    }
    assertThat(Oaep.decode(new byte[256])).isEmpty();
    assertThat(Oaep.decode(new byte[10])).isEmpty();
  }

  private static byte[] raw(KeyPair pair, byte[] wrapped) throws Exception {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
    byte[] encoded = new byte[256];
    byte[] plain = cipher.doFinal(wrapped);
    System.arraycopy(plain, 0, encoded, 256 - plain.length, plain.length);
    return encoded;
  }
}
