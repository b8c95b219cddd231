package org.gridwarden.cli;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes one certificate, known by its fingerprint, and no other: the server has made it itself, and
 * says in its own data folder which it is. Names and dates are not looked at: the fingerprint says
 * more.
 */
final class PinnedCertificate extends X509ExtendedTrustManager {
  private final byte[] fingerprint;

  private PinnedCertificate(byte[] fingerprint) {
    this.fingerprint = fingerprint;
  }

  /** A TLS context that takes the certificate with this SHA-256 (hex, with or without colons). */
  static SSLContext context(String fingerprint) {
    byte[] bytes = HexFormat.of().parseHex(fingerprint.replace(":", "").toLowerCase(Locale.ROOT));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new PinnedCertificate(bytes)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java speaks TLS", e);
    }
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    try {
      byte[] its = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
      if (!MessageDigest.isEqual(its, fingerprint)) {
        throw new CertificateException(
            "the server shows another certificate than its data folder names");
      }
    } catch (GeneralSecurityException e) {
      throw e instanceof CertificateException c ? c : new CertificateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String how) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String how) throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
