package org.gridwarden.security.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Whether a certificate is good here and now (C23): by this office, of a fitting kind and use, in
 * its time, and not revoked. Thread-safe.
 */
public final class CertificateCheck {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int MOST_CHAIN = 4;

  private final CertificateAuthority authority;
  private final Revocations revocations;
  private final InstantSource clock;

  public CertificateCheck(
      CertificateAuthority authority, Revocations revocations, InstantSource clock) {
    this.authority = authority;
    this.revocations = revocations;
    this.clock = clock;
  }

  /**
   * Looks at what was shown.
   *
   * @param chain as it was shown, the holder's own first; what it says of authorities is not used
   * @param kinds whom it may be of
   * @param usage at which end of TLS it stands
   * @throws RefusedCertificate where it is not good
   */
  public Holder check(
      X509Certificate[] chain, Set<Holder.Kind> kinds, CertificateProfile.Usage usage)
      throws RefusedCertificate {
    if (chain.length == 0) {
      throw new RefusedCertificate(RefusedCertificate.Why.MISSING);
    }
    if (chain.length > MOST_CHAIN) {
      throw new RefusedCertificate(RefusedCertificate.Why.MALFORMED);
    }
    X509Certificate shown = chain[0];
    ours(shown);
    inTime(shown);
    use(shown, usage);
    Holder holder =
        Holder.of(shown)
            .orElseThrow(() -> new RefusedCertificate(RefusedCertificate.Why.WRONG_NAME));
    if (!kinds.contains(holder.kind())) {
      throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
    }
    if (revocations.revoked(shown.getSerialNumber())) {
      throw new RefusedCertificate(RefusedCertificate.Why.REVOKED);
    }
    return holder;
  }

  /** Whether a connection that stands on a certificate may go on. */
  public boolean standing(X509Certificate shown) {
    return !revocations.revoked(shown.getSerialNumber())
        && !clock.instant().isAfter(shown.getNotAfter().toInstant());
  }

  /** The issuing authorities, for those who have several certificates to choose from. */
  public List<X509Certificate> issuers() {
    return authority.issuing();
  }

  private void ours(X509Certificate shown) throws RefusedCertificate {
    for (X509Certificate issuer : authority.issuing()) {
      if (issuer.getSubjectX500Principal().equals(shown.getIssuerX500Principal())) {
        try {
          shown.verify(issuer.getPublicKey());
          issuer.checkValidity(Date.from(clock.instant()));
          return;
        } catch (GeneralSecurityException e) {
          // somebody else's under our name, or of an authority that has ended
        }
      }
    }
    throw new RefusedCertificate(RefusedCertificate.Why.WRONG_ISSUER);
  }

  private void inTime(X509Certificate shown) throws RefusedCertificate {
    try {
      shown.checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException e) {
      throw new RefusedCertificate(RefusedCertificate.Why.EXPIRED);
    } catch (CertificateNotYetValidException e) {
      throw new RefusedCertificate(RefusedCertificate.Why.NOT_YET_VALID);
    }
  }

  private static void use(X509Certificate shown, CertificateProfile.Usage usage)
      throws RefusedCertificate {
    try {
      boolean[] keyUsage = shown.getKeyUsage();
      List<String> extended = shown.getExtendedKeyUsage();
      if (shown.getBasicConstraints() >= 0
          || keyUsage == null
          || !keyUsage[DIGITAL_SIGNATURE]
          || extended == null
          || !extended.contains(usage.oid())) {
        throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
      }
    } catch (CertificateParsingException e) {
      throw new RefusedCertificate(RefusedCertificate.Why.MALFORMED);
    }
  }
}
