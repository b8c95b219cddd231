package org.gridwarden.security.dtls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Which certificates stand on a key, for devices that show the key alone (RFC 7250). Thread-safe;
 * may wait.
 */
public interface IssuedCertificates {
  /** Where nobody keeps them. */
  IssuedCertificates NONE = keyId -> List.of();

  /**
   * Those of a key; what has ended or is revoked need not be left out.
   *
   * @param keyId the SHA-256 of its SubjectPublicKeyInfo
   */
  List<X509Certificate> of(byte[] keyId);
}
