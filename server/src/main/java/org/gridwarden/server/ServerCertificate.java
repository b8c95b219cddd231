package org.gridwarden.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.gridwarden.headend.certificate.CertificateOffice;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.CertificateProfile;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;

/**
 * The console's certificate and key, as PEM files.
 *
 * @param certificate the chain, the server's own first
 * @param key PKCS #8
 * @param fingerprint SHA-256 of the server's own certificate, hex
 */
record ServerCertificate(Path certificate, Path key, String fingerprint) {
  /** The given one, or the one in the folder; issued there where there is none or it runs out. */
  static ServerCertificate of(
      GridwardenConfig.Tls tls, Path folder, CertificateOffice office, InstantSource clock)
      throws IOException {
    return switch (tls) {
      case GridwardenConfig.Tls.Given given -> given(given.certificate(), given.key());
      case GridwardenConfig.Tls.Auto() -> {
        Path certificate = folder.resolve("console.crt");
        Path key = folder.resolve("console.key");
        yield Files.exists(key) && Files.exists(certificate) && good(certificate, office, clock)
            ? given(certificate, key)
            : make(folder, office);
      }
    };
  }

  /** A new key, which the office certifies. */
  static ServerCertificate make(Path folder, CertificateOffice office) throws IOException {
    Path certificate = folder.resolve("console.crt");
    Path key = folder.resolve("console.key");
    KeyPair pair = KeyPairs.make();
    X509Certificate fresh =
        office.issueOwn(Holder.of(Holder.Kind.SERVER, "console"), pair.getPublic());
    SecretFiles.folder(folder);
    SecretFiles.write(
        key,
        CertificatePem.block("PRIVATE KEY", pair.getPrivate().getEncoded())
            .getBytes(StandardCharsets.US_ASCII));
    SecretFiles.write(
        certificate,
        CertificatePem.of(office.authority().chain(fresh)).getBytes(StandardCharsets.US_ASCII));
    return given(certificate, key);
  }

  private static ServerCertificate given(Path certificate, Path key) throws IOException {
    if (!Files.isReadable(key)) {
      throw new IOException(key + " cannot be read: console.tls.key names a PEM file");
    }
    try {
      byte[] der = CertificatePem.der(CertificatePem.read(certificate).getFirst());
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
      return new ServerCertificate(certificate, key, HexFormat.of().formatHex(digest));
    } catch (IOException e) {
      throw new IOException(certificate + " is not a PEM certificate: console.tls.certificate", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /** Whether it is this office's, and its renewal not due. */
  private static boolean good(Path certificate, CertificateOffice office, InstantSource clock) {
    try {
      X509Certificate its = CertificatePem.read(certificate).getFirst();
      Instant due =
          its.getNotAfter().toInstant().minus(CertificateProfile.of(Holder.Kind.SERVER).renew());
      return office.authority().chain(its).size() > 1
          && clock.instant().isBefore(due)
          && office.check().standing(its);
    } catch (IOException e) {
      return false;
    }
  }
}
