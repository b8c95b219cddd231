package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class OfficeKeyTest {
  private static final MeterId METER = new MeterId("M1");
  private static final Purpose UNICAST = Purpose.DLMS_GLOBAL_UNICAST;
  private static final String CANARY = "CAFEBABEDEADBEEFCAFEBABEDEADBEEF";

  @TempDir static Path folder;
  private static OfficeKey office;

  @BeforeAll
  static void make() throws IOException {
    office = OfficeKey.open(folder.resolve("keys"));
  }

  private static Secret canary() {
    return new Secret(HexFormat.of().parseHex(CANARY));
  }

  private static Wrapped shipped(OfficeKey to) {
    return new Wrapped(
        new byte[] {1},
        KeyWrap.forShipment(to.publicKey(), canary()),
        KeyWrap.forShipment(to.publicKey(), canary()));
  }

  @Test
  @DisplayName("C31: first start makes its own key, of 3,072 bits, readable by its owner only")
  void isMadeAtFirstStartAndStays() throws IOException {
    assertThat(office.publicKey())
        .isInstanceOfSatisfying(
            RSAPublicKey.class, rsa -> assertThat(rsa.getModulus().bitLength()).isEqualTo(3072));
    OfficeKey again = OfficeKey.open(folder.resolve("keys"));
    assertThat(again.fingerprint()).isEqualTo(office.fingerprint());
    assertThat(again.publicPem()).startsWith("-----BEGIN PUBLIC KEY-----\n");
    for (String file : new String[] {"master.key", "office-key.pem", "local-key.wrapped"}) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("keys").resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(Files.readString(folder.resolve("keys/office-key.pem")))
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  }

  @Test
  void opensUnderItsPassphraseOnly() throws IOException {
    Path keys = folder.resolve("passphrase");
    try (Secret right = new Secret("correct horse".getBytes(StandardCharsets.US_ASCII));
        Secret wrong = new Secret("battery staple".getBytes(StandardCharsets.US_ASCII))) {
      OfficeKey made = OfficeKey.open(keys, right);
      assertThat(OfficeKey.open(keys, right).fingerprint()).isEqualTo(made.fingerprint());
      assertThat(Files.exists(keys.resolve("master.key"))).isFalse();
      assertThatThrownBy(() -> OfficeKey.open(keys, wrong))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("office-key.pem does not open");
      assertThatThrownBy(() -> OfficeKey.open(keys)).hasMessageContaining("master.key is missing");
    }
  }

  @Test
  void aSecretThatOthersMayReadIsRefused() throws IOException {
    Path file = folder.resolve("loose");
    SecretFiles.write(file, new byte[] {1});
    assertThat(SecretFiles.read(file)).containsExactly(1);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SecretFiles.read(file)).hasMessageContaining("chmod 600");
  }

  @Test
  @DisplayName("C18: a locally wrapped key opens only where it belongs, and only whole")
  void aLocalWrapIsBoundToItsPlace() throws UnusableKeyException {
    KeySet keys = office.open(METER, UNICAST, shipped(office));
    assertThat(keys.encryption()).isEqualTo(canary());
    Wrapped local = office.wrapLocally(METER, UNICAST, keys);
    assertThat(office.open(METER, UNICAST, local).authentication()).isEqualTo(canary());
    assertThatThrownBy(() -> office.open(new MeterId("M2"), UNICAST, local))
        .isInstanceOf(UnusableKeyException.class);
    assertThatThrownBy(() -> office.open(METER, Purpose.DLMS_GLOBAL_BROADCAST, local))
        .isInstanceOf(UnusableKeyException.class);
    Wrapped swapped = new Wrapped(local.keyId(), local.authentication(), local.encryption());
    assertThatThrownBy(() -> office.open(METER, UNICAST, swapped))
        .isInstanceOf(UnusableKeyException.class);
    byte[] flipped = local.encryption();
    flipped[20] ^= 1;
    Wrapped damaged = new Wrapped(local.keyId(), flipped, local.authentication());
    assertThatThrownBy(() -> office.open(METER, UNICAST, damaged))
        .isInstanceOf(UnusableKeyException.class);
  }

  @Test
  void accessOpensOnceKeepsTheLocalFormAndSeesAChange() {
    Kept kept = new Kept(shipped(office));
    OfficeKeyAccess access = new OfficeKeyAccess(office, kept, 10);
    assertThat(access.keys(METER, UNICAST).orElseThrow().encryption()).isEqualTo(canary());
    assertThat(access.keys(METER, UNICAST)).isPresent();
    assertThat(kept.finds).hasValue(1);
    assertThat(kept.wrapped.encryption()).hasSizeLessThan(64);
    kept.listener.accept(METER);
    assertThat(access.keys(METER, UNICAST)).as("from the local form").isPresent();
    assertThat(kept.finds).hasValue(2);
  }

  @Test
  @DisplayName("C30: a canary key shows in no log, no exception and no toString")
  void theCanaryIsNowhere() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    StringBuilder all = new StringBuilder();
    try {
      OfficeKey other = OfficeKey.open(folder.resolve("other"));
      OfficeKeyAccess access = new OfficeKeyAccess(office, new Kept(shipped(other)));
      assertThat(access.keys(METER, UNICAST)).isEmpty();
      assertThat(access.unusable()).isEqualTo(1);
      assertThat(log.list).singleElement().asString().contains("ship it again");
      assertThatThrownBy(() -> office.open(METER, UNICAST, shipped(other)))
          .satisfies(e -> all.append(e).append(e.getCause()));
      KeySet keys = new KeySet(new byte[] {1}, canary(), canary());
      all.append(keys).append(office).append(new ShippedKey.Plain(canary())).append(access);
      log.list.forEach(
          event -> all.append(event.getFormattedMessage()).append(event.getThrowableProxy()));
    } finally {
      root.detachAppender(log);
    }
    assertThat(all.toString().toUpperCase(java.util.Locale.ROOT).replaceAll("[^0-9A-F]", ""))
        .doesNotContain(CANARY)
        .doesNotContain("CAFEBABE");
  }

  private static final class Kept implements KeptKeys {
    private final AtomicInteger finds = new AtomicInteger();
    private Consumer<MeterId> listener = meter -> {};
    private Wrapped wrapped;

    Kept(Wrapped wrapped) {
      this.wrapped = wrapped;
    }

    @Override
    public Optional<Wrapped> find(MeterId meter, Purpose purpose) {
      finds.incrementAndGet();
      return Optional.of(wrapped);
    }

    @Override
    public void keepLocal(MeterId meter, Purpose purpose, Wrapped local) {
      wrapped = local;
    }

    @Override
    public void onChange(Consumer<MeterId> told) {
      listener = told;
    }
  }
}
