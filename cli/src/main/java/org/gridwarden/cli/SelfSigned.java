package org.gridwarden.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Signer;

/**
 * A certificate that a key signs for itself. Key stores want one beside each private key; nobody
 * relies on it: the office takes the bare public key, by a person's word.
 */
final class SelfSigned {
  private static final Duration LASTS = Duration.ofDays(3_650);
  private static final int SERIAL_BITS = 64;

  private SelfSigned() {}

  /** Names whoever the alias says, for ten years. */
  static X509Certificate certificate(String name, Signer signer, PublicKey key)
      throws GeneralSecurityException {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    Instant now = Instant.now();
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new JcaX509v3CertificateBuilder(
                      subject,
                      new BigInteger(SERIAL_BITS, new SecureRandom()),
                      Date.from(now.minusSeconds(3_600)),
                      Date.from(now.plus(LASTS)),
                      subject,
                      key)
                  .build(new ByOperator(signer)));
    } catch (IllegalStateException e) {
      throw new GeneralSecurityException("the key does not sign its certificate", e);
    }
  }

  /** Signs through an operator's key, wherever it lies. */
  private record ByOperator(Signer signer, ByteArrayOutputStream bytes) implements ContentSigner {
    ByOperator(Signer signer) {
      this(signer, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public OutputStream getOutputStream() {
      return bytes;
    }

    @Override
    public byte[] getSignature() {
      try {
        byte[] raw = signer.sign(bytes.toByteArray());
        ASN1EncodableVector pair = new ASN1EncodableVector();
        pair.add(new ASN1Integer(new BigInteger(1, Arrays.copyOf(raw, raw.length / 2))));
        pair.add(
            new ASN1Integer(
                new BigInteger(1, Arrays.copyOfRange(raw, raw.length / 2, raw.length))));
        return new DERSequence(pair).getEncoded();
      } catch (CommandException | java.io.IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
