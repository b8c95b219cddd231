package org.gridwarden.security.dtls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Whether the other end's certificate is good. Thread-safe. */
public interface ShownCheck {
  /**
   * Looks at what was shown.
   *
   * @param chain its own first; empty where it showed none
   * @throws CertificateException where it is not good; the message says why
   */
  void check(X509Certificate[] chain) throws CertificateException;

  /** Whose certificates are taken, for those who have several to choose from; empty for any. */
  default List<X509Certificate> issuers() {
    return List.of();
  }
}
