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

  /**
   * The list of one issuing authority, DER.
   *
   * @param revoked of what this authority issued
   */
  public static byte[] crl(
      IssuingAuthority by, Collection<Entry> revoked, BigInteger number, Instant now) {
    Credential signer = by.credential();
    try {
      JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(signer.certificate(), Date.from(now));
      builder.setNextUpdate(Date.from(now.plus(LASTS)));
      for (Entry entry : revoked) {
        builder.addCRLEntry(entry.serial(), Date.from(entry.at()), entry.reason());
      }
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(signer.certificate().getPublicKey()));
      return builder
          .build(new JcaContentSignerBuilder(CertificateMaker.ALGORITHM).build(signer.key()))
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

  /** Whether a question is about what this office's authorities issued. */
  public static boolean asksAbout(CertificateAuthority authority, byte[] question) {
    try {
      Optional<OCSPReq> asked = asked(question);
      return asked.isPresent() && signer(authority, asked.get().getRequestList()).isPresent();
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("no digests: " + e.getMessage(), e);
    }
  }

  /** Empty where it is no question. */
  private static Optional<OCSPReq> asked(byte[] question) {
    if (question.length > MOST_QUESTION) {
      return Optional.empty();
    }
    try {
      OCSPReq request = new OCSPReq(question);
      int asked = request.getRequestList().length;
      return asked == 0 || asked > MOST_ASKED ? Optional.empty() : Optional.of(request);
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Which authority's certificates are asked about: the first's that is one of ours. */
  private static Optional<Credential> signer(CertificateAuthority authority, Req[] asked)
      throws OperatorCreationException {
    for (Req one : asked) {
      for (IssuingAuthority issuing : authority.inForce().reversed()) {
        if (matches(one.getCertID(), issuing.credential())) {
          return Optional.of(issuing.credential());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matches(CertificateID id, Credential issuer)
      throws OperatorCreationException {
    try {
      return id.matchesIssuer(
          new JcaX509CertificateHolder(issuer.certificate()),
          new JcaDigestCalculatorProviderBuilder().build());
    } catch (OCSPException e) {
      return false; // hashed by something that we do not have
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate of ours cannot be read again", e);
    }
  }

  private static OCSPResp answered(
      CertificateAuthority authority, byte[] question, Book book, Instant now) {
    OCSPRespBuilder answers = new OCSPRespBuilder();
    try {
      Optional<OCSPReq> request = asked(question);
      if (request.isEmpty()) {
        return answers.build(OCSPRespBuilder.MALFORMED_REQUEST, null);
      }
      Req[] asked = request.get().getRequestList();
      Extension nonce = request.get().getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
      // who asks about strangers is told so by the newest
      Credential signer =
          signer(authority, asked).orElseGet(() -> authority.inForce().getLast().credential());
      DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
      BasicOCSPRespBuilder builder =
          new JcaBasicOCSPRespBuilder(
              signer.certificate().getPublicKey(), digests.get(CertificateID.HASH_SHA1));
      Map<BigInteger, Boolean> seen = new TreeMap<>();
      for (Req one : asked) {
        CertificateID id = one.getCertID();
        if (seen.put(id.getSerialNumber(), true) == null) {
          builder.addResponse(
              id, status(id, signer, book), Date.from(now), Date.from(now.plus(LASTS)));
        }
      }
      if (nonce != null) {
        builder.setResponseExtensions(new org.bouncycastle.asn1.x509.Extensions(nonce));
      }
      return answers.build(
          OCSPRespBuilder.SUCCESSFUL,
          builder.build(
              new JcaContentSignerBuilder(CertificateMaker.ALGORITHM).build(signer.key()),
              new X509CertificateHolder[] {
                new JcaX509CertificateHolder(signer.certificate()) // may be known by its root alone
              },
              Date.from(now)));
    } catch (OCSPException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("no OCSP answer could be made: " + e.getMessage(), e);
    }
  }

  private static CertificateStatus status(CertificateID id, Credential issuer, Book book)
      throws OperatorCreationException {
    if (!matches(id, issuer) || !book.issued(id.getSerialNumber())) {
      return new UnknownStatus();
    }
    return book.revoked(id.getSerialNumber())
        .<CertificateStatus>map(e -> new RevokedStatus(Date.from(e.at()), e.reason()))
        .orElse(CertificateStatus.GOOD);
  }
}
