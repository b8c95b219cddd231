package org.gridwarden.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.gridwarden.security.OfficeKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S23: what the office tells others of revocation. */
class RevocationListTest {
  private static final Instant NOW = Instant.parse("2026-11-26T03:00:00Z");
  private static CertificateAuthority authority;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    authority =
        CertificateAuthority.open(
            folder.resolve("ca"), OfficeKey.open(folder.resolve("keys")), () -> NOW);
  }

  private static X509Certificate meter() {
    return authority.issue(
        Holder.meter("GW-1", new byte[0]), KeyPairs.make().getPublic(), List.of());
  }

  @Test
  @DisplayName("C23: the list names what is revoked, under the issuing authority's signature")
  void list() throws Exception {
    X509Certificate revoked = meter();
    X509CRL crl =
        (X509CRL)
            CertificateFactory.getInstance("X.509")
                .generateCRL(
                    new ByteArrayInputStream(
                        RevocationList.crl(
                            authority.inForce().getLast(),
                            List.of(new RevocationList.Entry(revoked.getSerialNumber(), NOW, 1)),
                            BigInteger.TEN,
                            NOW)));
    crl.verify(authority.issuing().getLast().getPublicKey());
    assertThat(crl.isRevoked(revoked)).isTrue();
    assertThat(crl.isRevoked(meter())).isFalse();
    assertThat(crl.getNextUpdate()).isEqualTo(java.util.Date.from(NOW.plus(RevocationList.LASTS)));
  }

  @Test
  @DisplayName("C23: an issuing authority that was followed still lists and answers for its own")
  void followed(@TempDir Path folder) throws Exception {
    OfficeKey key = OfficeKey.open(folder.resolve("keys"));
    Instant later = NOW.plus(Duration.ofDays(4 * 365 + 30));
    PublicPlace place = new PublicPlace("http://pki.example.org/office/");
    X509Certificate old =
        CertificateAuthority.open(folder.resolve("ca"), key, () -> NOW, Optional.of(place))
            .issue(Holder.meter("GW-1", new byte[0]), KeyPairs.make().getPublic(), List.of());
    CertificateAuthority both =
        CertificateAuthority.open(folder.resolve("ca"), key, () -> later, Optional.of(place));
    X509Certificate fresh =
        both.issue(Holder.meter("GW-1", new byte[0]), KeyPairs.make().getPublic(), List.of());
    assertThat(both.inForce()).extracting(IssuingAuthority::number).containsExactly(1, 2);
    IssuingAuthority first = both.inForce().getFirst();
    assertThat(first.issued(old)).isTrue();
    assertThat(first.issued(fresh)).isFalse();
    X509CRL crl =
        (X509CRL)
            CertificateFactory.getInstance("X.509")
                .generateCRL(
                    new ByteArrayInputStream(
                        RevocationList.crl(
                            first,
                            List.of(new RevocationList.Entry(old.getSerialNumber(), later, 1)),
                            BigInteger.ONE,
                            later)));
    crl.verify(first.credential().certificate().getPublicKey());
    assertThat(crl.isRevoked(old)).isTrue();

    RevocationList.Book all =
        new RevocationList.Book() {
          @Override
          public boolean issued(BigInteger serial) {
            return true;
          }

          @Override
          public Optional<RevocationList.Entry> revoked(BigInteger serial) {
            return Optional.empty();
          }
        };
    byte[] question = question(first, old);
    assertThat(RevocationList.asksAbout(both, question)).isTrue();
    assertThat(RevocationList.asksAbout(authority, question)).as("another office's").isFalse();
    BasicOCSPResp answer =
        (BasicOCSPResp)
            new OCSPResp(RevocationList.answer(both, question, all, later)).getResponseObject();
    assertThat(answer.getResponses()[0].getCertStatus()).isNull();
    assertThat(
            answer.isSignatureValid(
                new JcaContentVerifierProviderBuilder()
                    .build(first.credential().certificate().getPublicKey())))
        .isTrue();

    Instant over = NOW.plus(Duration.ofDays(5 * 365 + 1));
    CertificateAuthority one = CertificateAuthority.open(folder.resolve("ca"), key, () -> over);
    assertThat(one.inForce()).extracting(IssuingAuthority::number).containsExactly(2);
    assertThat(addresses(old))
        .contains(
            "http://pki.example.org/office/crl/1",
            "http://pki.example.org/office/ocsp",
            "http://pki.example.org/office/issuing/1");
    assertThat(addresses(fresh)).contains("http://pki.example.org/office/crl/2");
    assertThat(addresses(meter())).as("no place is configured").doesNotContain("http");
  }

  private static byte[] question(IssuingAuthority issuer, X509Certificate about) throws Exception {
    OCSPReqBuilder asked = new OCSPReqBuilder();
    asked.addRequest(
        new CertificateID(
            new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
            new JcaX509CertificateHolder(issuer.credential().certificate()),
            about.getSerialNumber()));
    return asked.build().getEncoded();
  }

  /** Its two extensions that name addresses, as text. */
  private static String addresses(X509Certificate certificate) {
    StringBuilder text = new StringBuilder();
    for (String oid : List.of("2.5.29.31", "1.3.6.1.5.5.7.1.1")) {
      byte[] value = certificate.getExtensionValue(oid);
      if (value != null) {
        text.append(new String(value, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  @DisplayName("C23: OCSP says good, revoked and unknown, with the asker's nonce")
  void ocsp() throws Exception {
    X509Certificate good = meter();
    X509Certificate revoked = meter();
    BigInteger strange = BigInteger.valueOf(77);
    RevocationList.Book book =
        new RevocationList.Book() {
          @Override
          public boolean issued(BigInteger serial) {
            return !serial.equals(strange);
          }

          @Override
          public Optional<RevocationList.Entry> revoked(BigInteger serial) {
            return serial.equals(revoked.getSerialNumber())
                ? Optional.of(new RevocationList.Entry(serial, NOW, 1))
                : Optional.empty();
          }
        };
    var digests = new JcaDigestCalculatorProviderBuilder().build();
    var issuer = new JcaX509CertificateHolder(authority.issuing().getLast());
    OCSPReqBuilder asked = new OCSPReqBuilder();
    for (BigInteger serial : List.of(good.getSerialNumber(), revoked.getSerialNumber(), strange)) {
      asked.addRequest(new CertificateID(digests.get(CertificateID.HASH_SHA1), issuer, serial));
    }
    byte[] nonce = {4, 2, 7, 7};
    asked.setRequestExtensions(
        new Extensions(
            new Extension(
                OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce))));
    OCSPResp answer =
        new OCSPResp(RevocationList.answer(authority, asked.build().getEncoded(), book, NOW));
    assertThat(answer.getStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
    BasicOCSPResp basic = (BasicOCSPResp) answer.getResponseObject();
    assertThat(
            basic.isSignatureValid(
                new JcaContentVerifierProviderBuilder()
                    .build(authority.issuing().getLast().getPublicKey())))
        .isTrue();
    SingleResp[] single = basic.getResponses();
    assertThat(single).hasSize(3);
    assertThat(single[0].getCertStatus()).isNull();
    assertThat(single[1].getCertStatus()).isInstanceOf(RevokedStatus.class);
    assertThat(single[2].getCertStatus()).isInstanceOf(UnknownStatus.class);
    assertThat(basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)).isNotNull();
    assertThat(new OCSPResp(RevocationList.answer(authority, new byte[9], book, NOW)).getStatus())
        .isEqualTo(OCSPResp.MALFORMED_REQUEST);
  }
}
