package org.gridwarden.server;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.gridwarden.security.SecretFiles;

/**
 * The console's certificate and key, as PEM files.
 *
 * @param certificate the chain, the server's own first
 * @param key PKCS #8
 * @param fingerprint SHA-256 of the server's own certificate, hex
 */
record ServerCertificate(Path certificate, Path key, String fingerprint) {
  private static final Duration VALID = Duration.ofDays(825);
  private static final Duration RENEW = Duration.ofDays(30);

  /** The given one, or the one in the folder; made there where there is none or it runs out. */
  static ServerCertificate of(GridwardenConfig.Tls tls, Path folder, InstantSource clock)
      throws IOException {
    return switch (tls) {
      case GridwardenConfig.Tls.Given given -> given(given.certificate(), given.key());
      case GridwardenConfig.Tls.Auto() -> {
        Path certificate = folder.resolve("console.crt");
        Path key = folder.resolve("console.key");
        if (!Files.exists(key) || !Files.exists(certificate) || ending(certificate, clock)) {
          SecretFiles.folder(folder);
          make(certificate, key, clock.instant());
        }
        yield given(certificate, key);
      }
    };
  }

  private static ServerCertificate given(Path certificate, Path key) throws IOException {
    if (!Files.isReadable(key)) {
      throw new IOException(key + " cannot be read: console.tls.key names a PEM file");
    }
    try {
      byte[] der = read(certificate).getEncoded();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
      return new ServerCertificate(certificate, key, HexFormat.of().formatHex(digest));
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + " is not a PEM certificate: console.tls.certificate", e);
    }
  }

  private static boolean ending(Path certificate, InstantSource clock) throws IOException {
    try {
      Instant end = read(certificate).getNotAfter().toInstant();
      return clock.instant().plus(RENEW).isAfter(end);
    } catch (GeneralSecurityException e) {
      return true;
    }
  }

  private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static void make(Path certificate, Path key, Instant now) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=gridwarden console");
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(127, new SecureRandom()).setBit(126),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(VALID)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names().toArray(GeneralName[]::new)));
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      SecretFiles.write(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      SecretFiles.write(certificate, pem("CERTIFICATE", der));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make a P-256 certificate", e);
    }
  }

  private static List<GeneralName> names() {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    names.add(new GeneralName(GeneralName.iPAddress, "::1"));
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return names; // a machine whose own name means nothing to it
    }
    if (host.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?") && !host.matches("[0-9.]+")) {
      names.add(new GeneralName(GeneralName.dNSName, host));
    }
    return names;
  }

  private static byte[] pem(String label, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
