package org.gridwarden.security.dtls;

import java.security.PublicKey;
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

  /** Whether {@link #behind} is worth asking. */
  default boolean takesBareKeys() {
    return false;
  }

  /**
   * Looks for a good certificate of a key that was shown without one (RFC 7250). May wait.
   *
   * @return the chain, its own first
   * @throws CertificateException where there is none; the message says why
   */
  default X509Certificate[] behind(PublicKey bare) throws CertificateException {
    throw new CertificateException("a bare key is not taken here");
  }

  /** Whose certificates are taken, for those who have several to choose from; empty for any. */
  default List<X509Certificate> issuers() {
    return List.of();
  }
}
