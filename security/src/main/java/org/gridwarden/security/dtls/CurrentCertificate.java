package org.gridwarden.security.dtls;

import java.util.List;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.util.ServerNames;
import org.gridwarden.security.certificate.Credential;
import org.jspecify.annotations.Nullable;

/** Shows the credential that is current at each handshake, so that renewal needs no restart. */
final class CurrentCertificate implements CertificateProvider {
  private final Supplier<Credential> current;
  private final List<CertificateType> types;

  /** The certificate alone. */
  CurrentCertificate(Supplier<Credential> current) {
    this(current, List.of(CertificateType.X_509));
  }

  /**
   * @param types as what it may be shown, the one that is liked best first
   */
  CurrentCertificate(Supplier<Credential> current, List<CertificateType> types) {
    this.current = current;
    this.types = List.copyOf(types);
  }

  @Override
  public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
    return List.of(CertificateKeyAlgorithm.EC);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return types;
  }

  @Override
  public CertificateIdentityResult requestCertificateIdentity(
      ConnectionId cid,
      boolean client,
      @Nullable List<X500Principal> issuers,
      @Nullable ServerNames names,
      @Nullable List<CertificateKeyAlgorithm> keyAlgorithms,
      @Nullable List<SignatureAndHashAlgorithm> signatures,
      @Nullable List<SupportedGroup> curves) {
    Credential own = current.get();
    return new CertificateIdentityResult(cid, own.key(), own.chain());
  }

  @Override
  public void setResultHandler(HandshakeResultHandler handler) {
    // answers at once
  }
}
