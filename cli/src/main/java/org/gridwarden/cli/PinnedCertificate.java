package org.gridwarden.cli;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
  private final List<byte[]> fingerprints;

  private PinnedCertificate(List<byte[]> fingerprints) {
    this.fingerprints = fingerprints;
  }

  /**
   * A TLS context that takes the certificate with this SHA-256 (hex, with or without colons).
   *
   * @param fingerprint while the server renews its certificate, the new and the old one with a
   *     comma
   */
  static SSLContext context(String fingerprint) {
    List<byte[]> bytes =
        Arrays.stream(fingerprint.replace(":", "").toLowerCase(Locale.ROOT).split(",", -1))
            .map(HexFormat.of()::parseHex)
            .toList();
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
      if (fingerprints.stream().noneMatch(f -> MessageDigest.isEqual(its, f))) {
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
