package org.gridwarden.security.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A request for a certificate (PKCS #10, RFC 2986) that proved to have its private key. Of what it
 * asks for, the office takes the key and the name; all else is the profile's.
 *
 * @param name the subject's common name
 * @param key on P-256
 */
public record Csr(String name, PublicKey key) {
  /** No honest request is larger. */
  public static final int MOST_BYTES = 4_096;

  private static final int P256_BITS = 256;

  /** What is no request, or not one for us; the words say why. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * Reads a request in DER, and verifies that whoever made it has the key.
   *
   * @throws Refused where it is malformed, for another kind of key, or not signed by it
   */
  public static Csr read(byte[] der) throws Refused {
    if (der.length > MOST_BYTES) {
      throw new Refused("a request has at most " + MOST_BYTES + " bytes");
    }
    JcaPKCS10CertificationRequest request;
    PublicKey key;
    String name;
    try {
      request = new JcaPKCS10CertificationRequest(der);
      if (!Arrays.equals(request.getEncoded(), der)) {
        throw new Refused("the request is not in DER, or has more behind it");
      }
      key = request.getPublicKey();
      name = commonName(request);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new Refused("this is no PKCS #10 request in DER");
    }
    if (!(key instanceof ECPublicKey ec) || !p256(ec)) {
      throw new Refused("the key must be on P-256");
    }
    try {
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new Refused("the request is not signed by its own key");
      }
    } catch (OperatorCreationException | PKCSException | RuntimeException e) {
      throw new Refused("the request's signature cannot be verified: sign it by ECDSA with SHA-2");
    }
    return new Csr(name, key);
  }

  /** A request in DER for a name, signed by its key: what a meter sends. */
  public static byte[] make(String name, KeyPair pair) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build(),
              pair.getPublic())
          .build(new JcaContentSignerBuilder(CertificateMaker.ALGORITHM).build(pair.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot sign by ECDSA on P-256", e);
    }
  }

  private static boolean p256(ECPublicKey key) {
    try {
      java.security.AlgorithmParameters wanted =
          java.security.AlgorithmParameters.getInstance("EC");
      wanted.init(new java.security.spec.ECGenParameterSpec("secp256r1"));
      var curve = wanted.getParameterSpec(java.security.spec.ECParameterSpec.class);
      return key.getParams().getCurve().equals(curve.getCurve())
          && key.getParams().getGenerator().equals(curve.getGenerator())
          && key.getParams().getOrder().bitLength() == P256_BITS;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  private static String commonName(JcaPKCS10CertificationRequest request) throws Refused {
    List<String> names = new ArrayList<>();
    for (RDN rdn : request.getSubject().getRDNs()) {
      for (AttributeTypeAndValue part : rdn.getTypesAndValues()) {
        if (BCStyle.CN.equals(part.getType()) && part.getValue() instanceof ASN1String text) {
          names.add(text.getString());
        }
      }
    }
    if (names.size() != 1) {
      throw new Refused("the subject must have one common name: the meter's id");
    }
    return names.getFirst();
  }
}
