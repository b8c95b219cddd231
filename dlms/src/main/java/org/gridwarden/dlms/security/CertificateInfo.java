package org.gridwarden.dlms.security;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.gridwarden.dlms.DlmsException;

/**
 * An X.509 certificate as Security setup lists it (IEC 62056-6-2, class 64; IEC 62056-5-3, clause
 * 9.2.6.4): whose it is and what for. Immutable.
 *
 * @param certificate with a public key on P-256 or P-384
 * @param type what its key is for, by its key usage
 * @param title the system title that is its subject's common name; empty where that is none
 */
public record CertificateInfo(X509Certificate certificate, Type type, Optional<String> title) {
  /** Whose a certificate is: certificate_entity. */
  public enum Entity {
    SERVER,
    CLIENT,
    AUTHORITY,
    OTHER;

    /** Its number, 0 to 3. */
    public int id() {
      return switch (this) {
        case SERVER -> 0;
        case CLIENT -> 1;
        case AUTHORITY -> 2;
        case OTHER -> 3;
      };
    }
  }

  /** What a key is for: certificate_type. */
  public enum Type {
    SIGNATURE,
    AGREEMENT,
    TLS,
    OTHER;

    /** Its number, 0 to 3. */
    public int id() {
      return switch (this) {
        case SIGNATURE -> 0;
        case AGREEMENT -> 1;
        case TLS -> 2;
        case OTHER -> 3;
      };
    }

    /** The type of a number. */
    public static Optional<Type> of(int id) {
      return Arrays.stream(values()).filter(type -> type.id() == id).findFirst();
    }
  }

  /** The longest certificate that is read, in bytes. */
  public static final int LONGEST = 4096;

  // positions in the key usage (RFC 5280, clause 4.2.1.3)
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_AGREEMENT = 4;
  private static final int CERTIFICATE_SIGNING = 5;

  /**
   * Reads a certificate.
   *
   * @param der one certificate and nothing else
   * @throws DlmsException MALFORMED where it is none; UNSUPPORTED where its key is not on a suite's
   *     curve
   */
  public static CertificateInfo read(byte[] der) throws DlmsException {
    if (der.length > LONGEST) {
      throw wrong(DlmsException.Kind.MALFORMED, "a certificate of more than " + LONGEST + " bytes");
    }
    X509Certificate certificate = parse(der);
    if (!(certificate.getPublicKey() instanceof ECPublicKey key)) {
      throw wrong(DlmsException.Kind.UNSUPPORTED, "the certificate's key is on no curve");
    }
    if (!EllipticCurve.P_256.isOn(key) && !EllipticCurve.P_384.isOn(key)) {
      throw wrong(DlmsException.Kind.UNSUPPORTED, "the certificate's curve is of no suite");
    }
    return new CertificateInfo(certificate, type(certificate), title(certificate));
  }

  private static X509Certificate parse(byte[] der) throws DlmsException {
    // the JDK would read Base64, too
    if (der.length == 0 || der[0] != 0x30) {
      throw wrong(DlmsException.Kind.MALFORMED, "this is no certificate");
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        throw wrong(DlmsException.Kind.MALFORMED, "more than a certificate");
      }
      return certificate;
    } catch (CertificateException | RuntimeException e) {
      // hostile bytes have made the JDK's parser throw both
      throw wrong(DlmsException.Kind.MALFORMED, "this is no certificate");
    }
  }

  private static Type type(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    if (usage == null) {
      return Type.OTHER;
    }
    if (usage[CERTIFICATE_SIGNING]) {
      return Type.OTHER;
    }
    if (usage[DIGITAL_SIGNATURE]) {
      return usage[KEY_AGREEMENT] ? Type.TLS : Type.SIGNATURE;
    }
    return usage[KEY_AGREEMENT] ? Type.AGREEMENT : Type.OTHER;
  }

  /** The common name, where it is a system title: 16 hexadecimal digits. */
  private static Optional<String> title(X509Certificate certificate) {
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        String value = String.valueOf(rdn.getValue()).toUpperCase(Locale.ROOT);
        if (rdn.getType().equalsIgnoreCase("CN") && value.matches("[0-9A-F]{16}")) {
          return Optional.of(value);
        }
      }
    } catch (InvalidNameException e) {
      // no name that can be compared
    }
    return Optional.empty();
  }

  /** Its public key. */
  public ECPublicKey key() {
    return (ECPublicKey) certificate.getPublicKey();
  }

  /** Whether it may certify others. */
  public boolean isAuthority() {
    boolean[] usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && usage != null && usage[CERTIFICATE_SIGNING];
  }

  /** Whether it is a system title's. */
  public boolean isOf(byte[] systemTitle) {
    return title.equals(Optional.of(HexFormat.of().withUpperCase().formatHex(systemTitle)));
  }

  /** Whether it holds at a time. */
  public boolean isValidAt(Instant time) {
    try {
      certificate.checkValidity(Date.from(time));
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether an authority has signed it. */
  public boolean isSignedBy(CertificateInfo authority) {
    if (!authority.isAuthority()
        || !certificate
            .getIssuerX500Principal()
            .equals(authority.certificate.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.key());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Its serial number, the fewest bytes of a signed number. */
  public byte[] serialNumber() {
    return certificate.getSerialNumber().toByteArray();
  }

  /** Its issuer's name in DER. */
  public byte[] issuer() {
    return certificate.getIssuerX500Principal().getEncoded();
  }

  /** Its subject's name in DER. */
  public byte[] subject() {
    return certificate.getSubjectX500Principal().getEncoded();
  }

  /**
   * Its subject's alternative name, the extension's value in DER; of length 0 where it has none.
   */
  public byte[] alternativeName() {
    byte[] value = certificate.getExtensionValue("2.5.29.17");
    return value == null ? new byte[0] : value;
  }

  /** As it stands on the wire. */
  public byte[] encoded() throws DlmsException {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw wrong(DlmsException.Kind.MALFORMED, "the certificate has no encoding");
    }
  }

  private static DlmsException wrong(DlmsException.Kind kind, String why) {
    return new DlmsException(kind, 0, why);
  }
}
