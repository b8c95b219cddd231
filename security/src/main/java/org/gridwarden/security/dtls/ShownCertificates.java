package org.gridwarden.security.dtls;

import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.gridwarden.security.certificate.RefusedCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Has what the other end shows looked at by a {@link ShownCheck}. What stands behind a bare key is
 * looked for in a thread of its own, since a port's threads serve all.
 */
final class ShownCertificates implements NewAdvancedCertificateVerifier {
  private final ShownCheck check;
  private volatile Optional<HandshakeResultHandler> handler = Optional.empty();

  ShownCertificates(ShownCheck check) {
    this.check = check;
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return check.takesBareKeys()
        ? List.of(CertificateType.X_509, CertificateType.RAW_PUBLIC_KEY)
        : List.of(CertificateType.X_509);
  }

  @Override
  public @Nullable CertificateVerificationResult verifyCertificate(
      ConnectionId cid,
      @Nullable ServerNames names,
      InetSocketAddress peer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncate,
      CertificateMessage message) {
    CertPath path = message.getCertificateChain();
    PublicKey bare = message.getPublicKey();
    if (path == null && bare != null && check.takesBareKeys()) {
      Thread.ofVirtual()
          .name("dtls-key")
          .start(() -> handler.ifPresent(h -> h.apply(behind(cid, bare))));
      return null; // it comes
    }
    try {
      check.check(chain(path));
      return new CertificateVerificationResult(cid, path, null);
    } catch (CertificateException e) {
      return refused(cid, e);
    }
  }

  /** The certificate takes the key's place: what is known of the other end is the same then. */
  private CertificateVerificationResult behind(ConnectionId cid, PublicKey bare) {
    try {
      return new CertificateVerificationResult(
          cid,
          CertificateFactory.getInstance("X.509").generateCertPath(List.of(check.behind(bare))),
          null);
    } catch (CertificateException e) {
      return refused(cid, e);
    } catch (RuntimeException e) {
      return refused(cid, new CertificateException("it could not be looked for", e));
    }
  }

  private static CertificateVerificationResult refused(ConnectionId cid, CertificateException why) {
    HandshakeException refused =
        new HandshakeException(
            "its certificate is refused: " + why.getMessage(),
            new AlertMessage(AlertLevel.FATAL, alert(why)),
            why);
    return new CertificateVerificationResult(cid, refused, null);
  }

  /** The holder's own first. */
  static X509Certificate[] chain(@Nullable CertPath path) {
    return path == null
        ? new X509Certificate[0]
        : path.getCertificates().toArray(X509Certificate[]::new);
  }

  /** RFC 5246, 7.2.2. */
  private static AlertDescription alert(CertificateException why) {
    return RefusedCertificate.behind(why)
        .map(refused ->
            switch (refused.why()) {
              case REVOKED -> AlertDescription.CERTIFICATE_REVOKED;
              case EXPIRED, NOT_YET_VALID -> AlertDescription.CERTIFICATE_EXPIRED;
              case WRONG_ISSUER -> AlertDescription.UNKNOWN_CA;
              case WRONG_USAGE -> AlertDescription.UNSUPPORTED_CERTIFICATE;
              case MISSING, MALFORMED, WRONG_NAME -> AlertDescription.BAD_CERTIFICATE;
            })
        .orElse(AlertDescription.BAD_CERTIFICATE);
  }

  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return check.issuers().stream().map(X509Certificate::getSubjectX500Principal).toList();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler value) {
    handler = Optional.ofNullable(value);
  }
}
