package org.gridwarden.security.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that speak for it. Not printed.
 *
 * @param key may be a handle into a token
 * @param chain its own certificate first, the root not among them
 */
public record Credential(PrivateKey key, List<X509Certificate> chain) {
  public Credential {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a credential needs a certificate");
    }
    chain = List.copyOf(chain);
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  @Override
  public String toString() {
    return "Credential[" + certificate().getSubjectX500Principal().getName() + "]";
  }
}
