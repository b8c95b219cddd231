package org.gridwarden.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Keys on an elliptic curve in PEM files (RFC 7468). No message repeats any of a key. */
final class PemFile {
  private static final long LONGEST = 1 << 20;

  private PemFile() {}

  /** A private key, PKCS #8 in the clear: {@code PRIVATE KEY}. */
  static ECPrivateKey privateKey(String option, Path file) {
    byte[] der = block(option, file, "PRIVATE KEY");
    try {
      if (KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der))
          instanceof ECPrivateKey key) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw wrong(option, file, "holds no private key on an elliptic curve");
  }

  /** A public key, by itself or in a certificate: {@code PUBLIC KEY} or {@code CERTIFICATE}. */
  static ECPublicKey publicKey(String option, Path file) {
    try {
      PublicKey key =
          read(option, file).contains("-----BEGIN CERTIFICATE-----")
              ? CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block(option, file, "CERTIFICATE")))
                  .getPublicKey()
              : KeyFactory.getInstance("EC")
                  .generatePublic(new X509EncodedKeySpec(block(option, file, "PUBLIC KEY")));
      if (key instanceof ECPublicKey onCurve) {
        return onCurve;
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw wrong(option, file, "holds no certificate or public key on an elliptic curve");
  }

  private static byte[] block(String option, Path file, String label) {
    String text = read(option, file);
    String begin = "-----BEGIN " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw wrong(option, file, "has no PEM block " + label);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw wrong(option, file, "has a PEM block " + label + " that is no base64");
    }
  }

  private static String read(String option, Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw wrong(option, file, "is too long for a key");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw wrong(option, file, "cannot be read");
    }
  }

  private static Failure wrong(String option, Path file, String what) {
    return new Failure(option + ": " + file + " " + what, Gridwarden.WRONG_INPUT);
  }
}
