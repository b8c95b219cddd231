package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators' keys in files and in a token (SoftHSM2, a real PKCS#11 library). */
class OperatorKeyIT {
  private static final char[] PASSWORD = "walnut ferry meadow".toCharArray();
  private static final byte[] ORDER = "an order".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  @Test
  @DisplayName(
      "C18: with PKCS#11 the private key's getEncoded() is null, and it signs all the same")
  void token() throws Exception {
    SoftToken soft = SoftToken.make(folder);
    try (CommandProcess probe =
        CommandProcess.start(
            folder,
            "probe",
            CommandProcess.LIGHT,
            soft.environment(),
            TokenProbe.class.getName(),
            soft.library().toString(),
            SoftToken.PIN)) {
      assertThat(probe.exit(Duration.ofSeconds(60))).as(probe.err()).isZero();
      assertThat(probe.out())
          .contains("encoded=null", "format=null", "signs=true")
          .contains("again=" + soft.library() + " has a key 'olivia' already")
          .contains("wrong=the token " + soft.library() + " does not open: its PIN is wrong");
    }
    assertThatThrownBy(() -> OperatorToken.of("/nowhere/token.so"))
        .hasMessageContaining("/nowhere/token.so");
  }

  @Test
  @DisplayName("C18: a key's file is readable by its owner alone, and opens with its password only")
  void file() throws Exception {
    Path file = folder.resolve("olivia.p12");
    PublicKey made = OperatorKeyFile.make(file, "olivia", PASSWORD);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Signer signer = OperatorKeyFile.open(file, PASSWORD, Optional.empty());
    Signed signed = Signed.sign(Purpose.ORDER, signer, ORDER);
    assertThat(signed.open(Purpose.ORDER, made)).isEqualTo(ORDER);
    assertThatThrownBy(
            () -> OperatorKeyFile.open(file, "another password".toCharArray(), Optional.empty()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("password is wrong");
    assertThatThrownBy(() -> OperatorKeyFile.make(file, "olivia", PASSWORD))
        .hasMessageContaining("not written over");
    assertThatThrownBy(
            () -> OperatorKeyFile.make(folder.resolve("x.p12"), "x", "short".toCharArray()))
        .hasMessageContaining("at least 12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    X509Certificate certificate = (X509Certificate) store.getCertificate("olivia");
    certificate.verify(made);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=olivia");
  }
}
