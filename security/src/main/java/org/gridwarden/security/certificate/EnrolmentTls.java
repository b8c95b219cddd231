package org.gridwarden.security.certificate;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.gridwarden.security.certificate.CertificateProfile.Usage;

/**
 * TLS 1.3 at the enrolment port: whoever has a certificate of ours or of a trusted maker may show
 * it, whoever has none comes in without. Thread-safe.
 */
public final class EnrolmentTls {
  private static final Set<Holder.Kind> DEVICES =
      EnumSet.of(Holder.Kind.METER, Holder.Kind.CONCENTRATOR);

  private final CertificateCheck check;
  private final MakerTrust makers;
  private final SSLContext context;

  public EnrolmentTls(CertificateCheck check, MakerTrust makers, Supplier<Credential> own) {
    this.check = check;
    this.makers = makers;
    this.context = OfficeTls.context(new CurrentKey(own), new Trust());
  }

  /** Who came. */
  public sealed interface Caller {
    /** Nobody said so by a certificate. */
    record Stranger() implements Caller {}

    /** Somebody whom this office has certified. */
    record Known(Holder holder, X509Certificate certificate) implements Caller {}

    /** A meter as its maker vouches for it. */
    record Made(String serial) implements Caller {}
  }

  /** Lays TLS over a connection that came in; nothing is read yet. */
  public SSLSocket accept(Socket connection) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connection, null, true);
    socket.setUseClientMode(false);
    socket.setWantClientAuth(true);
    socket.setEnabledProtocols(new String[] {OfficeTls.VERSION});
    return socket;
  }

  /**
   * Who came, once hands were shaken. Looks again, since a resumed session shows no certificate.
   *
   * @throws RefusedCertificate where the certificate is good no longer
   */
  public Caller caller(SSLSocket socket) throws RefusedCertificate {
    X509Certificate[] chain;
    try {
      Certificate[] shown = socket.getSession().getPeerCertificates();
      chain = new X509Certificate[shown.length];
      for (int i = 0; i < shown.length; i++) {
        chain[i] = (X509Certificate) shown[i];
      }
    } catch (SSLPeerUnverifiedException e) {
      return new Caller.Stranger();
    }
    return caller(chain);
  }

  private Caller caller(X509Certificate[] chain) throws RefusedCertificate {
    Optional<String> serial = makers.serial(chain);
    return serial.isPresent()
        ? new Caller.Made(serial.get())
        : new Caller.Known(check.check(chain, DEVICES, Usage.CLIENT), chain[0]);
  }

  private final class Trust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String how)
        throws CertificateException {
      var unused = caller(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String how, Socket socket)
        throws CertificateException {
      var unused = caller(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String how, SSLEngine engine)
        throws CertificateException {
      var unused = caller(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String how)
        throws CertificateException {
      throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String how, Socket socket)
        throws CertificateException {
      throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String how, SSLEngine engine)
        throws CertificateException {
      throw new RefusedCertificate(RefusedCertificate.Why.WRONG_USAGE);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      List<X509Certificate> all = new ArrayList<>(check.issuers());
      all.addAll(makers.issuers());
      return all.toArray(X509Certificate[]::new);
    }
  }
}
