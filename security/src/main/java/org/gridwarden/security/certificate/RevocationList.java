package org.gridwarden.security.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What the office tells others of revocation: a list (RFC 5280, 5) and answers about single
 * certificates (OCSP, RFC 6960), under the issuing authority's signature.
 */
public final class RevocationList {
  /** How long a list or an answer may be relied on. */
  public static final Duration LASTS = Duration.ofDays(1);

  /** No honest question is larger. */
  public static final int MOST_QUESTION = 2_048;

  private static final int MOST_ASKED = 8;

  private RevocationList() {}

  /**
   * A certificate that was revoked.
   *
   * @param reason CRLReason's number (RFC 5280, 5.3.1)
   */
  public record Entry(BigInteger serial, Instant at, int reason) {}

  /** The list, DER. */
  public static byte[] crl(
      CertificateAuthority authority, Collection<Entry> revoked, BigInteger number, Instant now) {
    try {
      JcaX509v2CRLBuilder builder =
          new JcaX509v2CRLBuilder(authority.signer().certificate(), Date.from(now));
      builder.setNextUpdate(Date.from(now.plus(LASTS)));
      for (Entry entry : revoked) {
        builder.addCRLEntry(entry.serial(), Date.from(entry.at()), entry.reason());
      }
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(authority.signer().certificate().getPublicKey()));
      return builder
          .build(
              new JcaContentSignerBuilder(CertificateMaker.ALGORITHM)
                  .build(authority.signer().key()))
          .getEncoded();
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("no revocation list could be made: " + e.getMessage(), e);
    }
  }

  /** What is known of a serial number. */
  public interface Book {
    /** Whether a certificate with it was issued here. */
    boolean issued(BigInteger serial);

    /** Its revocation; empty where it is not revoked. */
    Optional<Entry> revoked(BigInteger serial);
  }

  /** The answer to a question, DER; a malformed question has its answer, too. */
  public static byte[] answer(
      CertificateAuthority authority, byte[] question, Book book, Instant now) {
    try {
      return answered(authority, question, book, now).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("an OCSP answer has bytes", e);
    }
  }

  private static OCSPResp answered(
      CertificateAuthority authority, byte[] question, Book book, Instant now) {
    OCSPRespBuilder answers = new OCSPRespBuilder();
    try {
      Req[] asked;
      Extension nonce;
      try {
        if (question.length > MOST_QUESTION) {
          return answers.build(OCSPRespBuilder.MALFORMED_REQUEST, null);
        }
        OCSPReq request = new OCSPReq(question);
        asked = request.getRequestList();
        nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
      } catch (IOException | RuntimeException e) {
        return answers.build(OCSPRespBuilder.MALFORMED_REQUEST, null);
      }
      if (asked.length == 0 || asked.length > MOST_ASKED) {
        return answers.build(OCSPRespBuilder.MALFORMED_REQUEST, null);
      }
      DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
      BasicOCSPRespBuilder builder =
          new JcaBasicOCSPRespBuilder(
              authority.signer().certificate().getPublicKey(),
              digests.get(CertificateID.HASH_SHA1));
      JcaX509CertificateHolder issuer =
          new JcaX509CertificateHolder(authority.signer().certificate());
      Map<BigInteger, Boolean> seen = new TreeMap<>();
      for (Req one : asked) {
        CertificateID id = one.getCertID();
        if (seen.put(id.getSerialNumber(), true) == null) {
          builder.addResponse(
              id, status(id, issuer, digests, book), Date.from(now), Date.from(now.plus(LASTS)));
        }
      }
      if (nonce != null) {
        builder.setResponseExtensions(new org.bouncycastle.asn1.x509.Extensions(nonce));
      }
      return answers.build(
          OCSPRespBuilder.SUCCESSFUL,
          builder.build(
              new JcaContentSignerBuilder(CertificateMaker.ALGORITHM)
                  .build(authority.signer().key()),
              new X509CertificateHolder[] {issuer}, // whoever asks may know the root alone
              Date.from(now)));
    } catch (OCSPException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("no OCSP answer could be made: " + e.getMessage(), e);
    }
  }

  private static CertificateStatus status(
      CertificateID id,
      JcaX509CertificateHolder issuer,
      DigestCalculatorProvider digests,
      Book book) {
    try {
      if (!id.matchesIssuer(issuer, digests) || !book.issued(id.getSerialNumber())) {
        return new UnknownStatus();
      }
    } catch (OCSPException e) {
      return new UnknownStatus(); // hashed by something that we do not have
    }
    return book.revoked(id.getSerialNumber())
        .<CertificateStatus>map(e -> new RevokedStatus(Date.from(e.at()), e.reason()))
        .orElse(CertificateStatus.GOOD);
  }
}
