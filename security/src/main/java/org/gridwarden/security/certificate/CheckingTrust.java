package org.gridwarden.security.certificate;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Takes those certificates that {@link CertificateCheck} takes at one end of TLS. */
public final class CheckingTrust extends X509ExtendedTrustManager {
  private final CertificateCheck check;
  private final Set<Holder.Kind> kinds;
  private final CertificateProfile.Usage usage;

  /**
   * @param kinds who may show a certificate
   * @param usage at which end they stand: clients, or servers
   */
  public CheckingTrust(
      CertificateCheck check, Set<Holder.Kind> kinds, CertificateProfile.Usage usage) {
    super();
    this.check = check;
    this.kinds = Set.copyOf(kinds);
    this.usage = usage;
  }

  private void check(X509Certificate[] chain, CertificateProfile.Usage at)
      throws CertificateException {
    if (at != usage) {
      throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
    }
    var unused = check.check(chain, kinds, usage);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how) throws CertificateException {
    check(chain, CertificateProfile.Usage.CLIENT);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how) throws CertificateException {
    check(chain, CertificateProfile.Usage.SERVER);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, Socket socket)
      throws CertificateException {
    check(chain, CertificateProfile.Usage.CLIENT);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, Socket socket)
      throws CertificateException {
    check(chain, CertificateProfile.Usage.SERVER);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    check(chain, CertificateProfile.Usage.CLIENT);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    check(chain, CertificateProfile.Usage.SERVER);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return check.issuers().toArray(X509Certificate[]::new);
  }
}
