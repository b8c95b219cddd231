package org.gridwarden.security.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/** How EST carries certificates and says what it wants to be asked (RFC 7030, 4). */
public final class CertificateBag {
  private CertificateBag() {}

  /** Certificates and nothing else: CMS "certs-only" (RFC 5272, 4.1), DER. */
  public static byte[] of(List<X509Certificate> certificates) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addCertificates(new JcaCertStore(certificates));
      return generator.generate(new CMSAbsentContent()).toASN1Structure().getEncoded("DER");
    } catch (GeneralSecurityException | CMSException | IOException e) {
      throw new IllegalStateException("certificates that were read can be put together", e);
    }
  }

  /** What a request should have (RFC 7030, 4.5.2): a key on P-256, signed with SHA-256. */
  public static byte[] wanted() {
    ASN1EncodableVector key = new ASN1EncodableVector();
    key.add(X9ObjectIdentifiers.id_ecPublicKey);
    key.add(new DERSet(SECObjectIdentifiers.secp256r1));
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(new DERSequence(key));
    all.add(X9ObjectIdentifiers.ecdsa_with_SHA256);
    try {
      return new DERSequence(all).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a sequence of identifiers has bytes", e);
    }
  }
}
