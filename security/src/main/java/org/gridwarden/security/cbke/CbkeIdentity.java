package org.gridwarden.security.cbke;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.security.SecretFiles;

/**
 * Who one is: a certificate, its private key, and the key of the authority, by which others are
 * believed. Prints nothing of the private key.
 */
public final class CbkeIdentity {
  private static final String AUTHORITY = "CA Pub Key";
  private static final String CERTIFICATE = "Device Implicit Cert";
  private static final String PRIVATE = "Private Key Reconstruction Data";
  private static final String PUBLIC = "Device Public Key";
  private static final List<String> FIELDS = List.of(AUTHORITY, CERTIFICATE, PRIVATE, PUBLIC);

  private final ImplicitCertificate certificate;
  private final BigInteger key;
  private final byte[] authority;

  private CbkeIdentity(ImplicitCertificate certificate, BigInteger key, byte[] authority) {
    this.certificate = certificate;
    this.key = key;
    this.authority = authority;
  }

  /**
   * Puts the parts together.
   *
   * @param key the private key, as long as the suite has it
   * @param authority the issuer's public key, compressed
   * @throws CbkeException INVALID_CERTIFICATE where they do not belong together
   */
  public static CbkeIdentity of(ImplicitCertificate certificate, byte[] key, byte[] authority)
      throws CbkeException {
    Suite suite = certificate.suite();
    Optional<BigInteger> scalar = suite.scalar(key);
    if (scalar.isEmpty()
        || !Arrays.equals(
            certificate.publicKey(authority),
            suite.bytes(suite.domain().getG().multiply(scalar.get())))) {
      throw new CbkeException(
          Refusal.INVALID_CERTIFICATE, "the private key is another one than the certificate's");
    }
    return new CbkeIdentity(certificate, scalar.get(), authority.clone());
  }

  /**
   * Reads a file as authorities hand them out: {@code CA Pub Key}, {@code Device Implicit Cert},
   * {@code Private Key Reconstruction Data}, each with a colon and hexadecimal digits.
   *
   * @throws IOException where it cannot be read, or what it says does not belong together; nothing
   *     of the private key is in the message
   */
  public static CbkeIdentity read(Path file) throws IOException {
    String text = new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1);
    byte[] certificate = field(file, text, CERTIFICATE);
    for (Suite suite : Suite.values()) {
      if (suite.certificateLength() == certificate.length) {
        try {
          return of(
              ImplicitCertificate.parse(suite, certificate),
              field(file, text, PRIVATE),
              field(file, text, AUTHORITY));
        } catch (CbkeException e) {
          throw new IOException(file + ": " + e.getMessage(), e);
        }
      }
    }
    throw new IOException(file + ": an implicit certificate has 48 bytes, or 74");
  }

  /** The digits between a field's name and the next one's. */
  private static byte[] field(Path file, String text, String name) throws IOException {
    int at = text.indexOf(name);
    int from = at < 0 ? -1 : text.indexOf(':', at);
    int to = text.length();
    for (String other : FIELDS) {
      int begins = text.indexOf(other);
      to = begins > at ? Math.min(to, begins) : to;
    }
    String digits = from < 0 || from > to ? "" : text.substring(from + 1, to).replaceAll("\\s", "");
    if (!digits.matches("(?:[0-9A-Fa-f]{2}){20,80}")) {
      throw new IOException(file + ": there is no '" + name + ":' with hexadecimal digits");
    }
    return HexFormat.of().parseHex(digits);
  }

  /** What {@link #read} reads. A secret: into a file of its owner's only. */
  public String text() {
    HexFormat hex = HexFormat.of();
    Suite suite = certificate.suite();
    return AUTHORITY
        + ": "
        + hex.formatHex(authority)
        + "\n"
        + CERTIFICATE
        + ": "
        + hex.formatHex(certificate.bytes())
        + "\n"
        + PRIVATE
        + ": "
        + hex.formatHex(suite.bytes(key))
        + "\n"
        + PUBLIC
        + ": "
        + hex.formatHex(suite.bytes(suite.domain().getG().multiply(key)))
        + "\n";
  }

  /** What others are shown. */
  public ImplicitCertificate certificate() {
    return certificate;
  }

  /** For which suite it is. */
  public Suite suite() {
    return certificate.suite();
  }

  /** By whose key others are believed; a copy. */
  public byte[] authority() {
    return authority.clone();
  }

  BigInteger key() {
    return key;
  }

  @Override
  public String toString() {
    return certificate.toString().toLowerCase(Locale.ROOT);
  }
}
