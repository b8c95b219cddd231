package org.gridwarden.server;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Lets the connection show any certificate. TLS proves that the client has its private key; whether
 * it is a machine's is asked by {@link MachineDesk}, which knows each one's SHA-256. Made by the
 * container, hence public. Stateless.
 */
public final class AnyCertificate implements X509TrustManager {
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    // see above: nobody is trusted for what a chain says
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("this asks nobody else");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
