package org.gridwarden.security.dtls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.gridwarden.core.DatagramSecurity;

/**
 * What this house agrees to in DTLS, at either end: version 1.2, ECDHE and ECDSA on P-256 or P-384,
 * AES with GCM or with CCM's whole tag, certificates at both ends, connection ids (RFC 9146), the
 * extended master secret (RFC 7627). Where a port's rules say so, shared keys with and without
 * ECDHE, bare keys, and CCM_8, which come last. Nothing is resumed: what a connection id outlives
 * needs no resumption, and what would be resumed would show no certificate.
 */
final class DtlsTerms {
  private static final int ID_BYTES = 6;
  private static final int HANDSHAKE_BYTES = 8_192;
  private static final int RETRANSMISSIONS = 4;

  static {
    DtlsConfig.register();
  }

  private DtlsTerms() {}

  /** An end with a certificate. */
  static DtlsConnectorConfig.Builder of(
      DtlsRole role,
      CurrentCertificate own,
      ShownCertificates shown,
      DatagramSecurity.Proofs proofs) {
    DtlsConnectorConfig.Builder terms =
        terms(role, suites(true, proofs.shared().isPresent(), proofs.shortTags()))
            .setAsList(
                DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS,
                SignatureAndHashAlgorithm.SHA256_WITH_ECDSA,
                SignatureAndHashAlgorithm.SHA384_WITH_ECDSA)
            .setAsList(DtlsConfig.DTLS_CERTIFICATE_KEY_ALGORITHMS, CertificateKeyAlgorithm.EC)
            .set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NEEDED)
            // names stand in URIs of our own, which the check reads
            .set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false)
            .setCertificateIdentityProvider(own)
            .setAdvancedCertificateVerifier(shown);
    proofs.shared().ifPresent(keys -> terms.setAdvancedPskStore(new SharedKeyStore(keys)));
    return terms;
  }

  /** A client's end that has a shared key alone. */
  static DtlsConnectorConfig.Builder of(AdvancedPskStore key) {
    return terms(DtlsRole.CLIENT_ONLY, suites(false, true, true)).setAdvancedPskStore(key);
  }

  private static List<CipherSuite> suites(
      boolean certificates, boolean sharedKeys, boolean shortTags) {
    List<CipherSuite> suites = new ArrayList<>();
    if (certificates) {
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM);
    }
    if (sharedKeys) {
      suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
      suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256);
      suites.add(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);
      suites.add(CipherSuite.TLS_PSK_WITH_AES_128_CCM);
    }
    if (certificates && shortTags) {
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
    }
    if (sharedKeys && shortTags) {
      suites.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256);
      suites.add(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
    }
    return suites;
  }

  private static DtlsConnectorConfig.Builder terms(DtlsRole role, List<CipherSuite> suites) {
    // not the library's standard one, which reads and writes a file in the working folder
    return DtlsConnectorConfig.builder(new Configuration())
        .set(DtlsConfig.DTLS_ROLE, role)
        .set(DtlsConfig.DTLS_CIPHER_SUITES, suites)
        .setAsList(DtlsConfig.DTLS_CURVES, SupportedGroup.secp256r1, SupportedGroup.secp384r1)
        .set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.REQUIRED)
        .set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, false)
        .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, ID_BYTES)
        .set(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, HANDSHAKE_BYTES)
        .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.SECONDS)
        .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, RETRANSMISSIONS);
  }
}
