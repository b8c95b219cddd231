package org.gridwarden.security.certificate;

/**
 * An issuing authority of the office.
 *
 * @param number from 1, in the order in which they were made; as its files are called
 * @param credential its certificate and key
 */
public record IssuingAuthority(int number, Credential credential) {
  /** Whether it issued a certificate, by the name that this states. */
  public boolean issued(java.security.cert.X509Certificate certificate) {
    return credential
        .certificate()
        .getSubjectX500Principal()
        .equals(certificate.getIssuerX500Principal());
  }
}
