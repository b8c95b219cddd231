package org.gridwarden.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateProfile.Usage;
import org.gridwarden.security.certificate.RefusedCertificate.Why;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S23: the office's authority, and which certificates are good. */
class CertificateCheckTest {
  private static final byte[] TITLE = {'G', 'W', 'S', 0, 0, 0, 0, 1};
  private static final Set<Holder.Kind> METERS = EnumSet.of(Holder.Kind.METER);

  @TempDir private Path folder;
  private volatile Instant now = Instant.parse("2026-11-26T03:00:00Z");
  private static OfficeKey key;
  private CertificateAuthority authority;
  private final Revocations revocations = new Revocations();

  @BeforeAll
  static void key(@TempDir Path keys) throws IOException {
    key = OfficeKey.open(keys);
  }

  @BeforeEach
  void open() throws IOException {
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
  }

  private static final KeyPair METER = KeyPairs.make();

  private X509Certificate meter() {
    return authority.issue(Holder.meter("GW-1", TITLE), METER.getPublic(), List.of());
  }

  private Holder check(X509Certificate certificate) throws RefusedCertificate {
    return new CertificateCheck(authority, revocations, () -> now)
        .check(new X509Certificate[] {certificate}, METERS, Usage.CLIENT);
  }

  private Why refusal(X509Certificate certificate) {
    RefusedCertificate refused =
        catchThrowableOfType(RefusedCertificate.class, () -> check(certificate));
    assertThat(refused).as("it should be refused").isNotNull();
    return refused.why();
  }

  @Test
  @DisplayName("C23: a certificate of ours in its time is good, and says who it is")
  void good() throws RefusedCertificate {
    assertThat(check(meter())).isEqualTo(Holder.meter("GW-1", TITLE));
    assertThat(meter().getSubjectX500Principal().getName())
        .contains("CN=GW-1")
        .contains("OU=meter");
  }

  @Test
  @DisplayName("C23: revoked, expired, not yet valid: refused")
  void timeAndRevocation() {
    X509Certificate certificate = meter();
    revocations.learn(Set.of(certificate.getSerialNumber()), now);
    assertThat(refusal(certificate)).isEqualTo(Why.REVOKED);
    revocations.learn(Set.of(), now);
    now = now.plus(Duration.ofDays(91));
    assertThat(refusal(certificate)).isEqualTo(Why.EXPIRED);
    X509Certificate later = meter();
    now = now.minus(Duration.ofDays(2));
    assertThat(refusal(later)).isEqualTo(Why.NOT_YET_VALID);
  }

  @Test
  @DisplayName("C23: another office's certificate, also one that takes our authority's name")
  void wrongIssuer() throws IOException {
    CertificateAuthority theirs =
        CertificateAuthority.open(folder.resolve("other-ca"), key, () -> now);
    assertThat(refusal(theirs.issue(Holder.meter("GW-1", TITLE), METER.getPublic(), List.of())))
        .isEqualTo(Why.WRONG_ISSUER);
    // the same issuer's name over another key
    X509Certificate ours = authority.issuing().getFirst();
    KeyPair forger = KeyPairs.make();
    X509Certificate fake =
        CertificateMaker.authority(
            CertificateMaker.name(ours),
            forger.getPublic(),
            now.minusSeconds(60),
            now.plusSeconds(60),
            0,
            CertificateMaker.name(ours),
            forger.getPublic(),
            forger.getPrivate());
    assertThat(
            refusal(
                CertificateMaker.holder(
                    Holder.meter("GW-1", TITLE),
                    METER.getPublic(),
                    List.of(),
                    now.minusSeconds(60),
                    now.plusSeconds(60),
                    new IssuingAuthority(1, new Credential(forger.getPrivate(), List.of(fake))),
                    Optional.empty())))
        .isEqualTo(Why.WRONG_ISSUER);
  }

  @Test
  @DisplayName("C23: for another use, of another kind, an authority's own: refused")
  void wrongUsage() {
    X509Certificate server =
        authority.issue(
            Holder.of(Holder.Kind.SERVER, "console"), METER.getPublic(), List.of("localhost"));
    assertThat(refusal(server)).as("server only, shown as a client").isEqualTo(Why.WRONG_USAGE);
    X509Certificate machine =
        authority.issue(Holder.of(Holder.Kind.MACHINE, "scada"), METER.getPublic(), List.of());
    assertThat(refusal(machine)).as("a client, but no meter").isEqualTo(Why.WRONG_USAGE);
    // the issuing authority's certificate was signed by the root, not by itself
    assertThat(refusal(authority.issuing().getFirst())).isEqualTo(Why.WRONG_ISSUER);
  }

  @Test
  @DisplayName("C23: after an hour without news it is not known what is revoked")
  void stale() {
    assertThat(revocations.known(now)).isFalse();
    revocations.learn(Set.of(), now);
    assertThat(revocations.known(now.plus(Duration.ofMinutes(59)))).isTrue();
    assertThat(revocations.known(now.plus(Duration.ofMinutes(61)))).isFalse();
  }

  @Test
  @DisplayName("C18: of the authority's keys none lies in the clear, and only its owner reads them")
  void keysAtRest() throws Exception {
    byte[] passphrase = Files.readAllBytes(folder.resolve("ca/root-passphrase"));
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(folder.resolve("ca/root.p12"))) {
      store.load(in, new String(passphrase, StandardCharsets.US_ASCII).strip().toCharArray());
    }
    assertThat(store.size()).isEqualTo(1);
    for (String file : List.of("root.p12", "root-passphrase", "issuing-1.key")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("ca").resolve(file))))
          .isEqualTo("rw-------");
    }
    assertThat(
            new String(
                Files.readAllBytes(folder.resolve("ca/issuing-1.key")),
                StandardCharsets.ISO_8859_1))
        .doesNotContain("PRIVATE KEY");
  }

  @Test
  @DisplayName(
      "S23: without the root's key the office goes on; with it, a new issuing authority is made in time")
  void rootOffline() throws IOException {
    X509Certificate before = meter();
    Path p12 = folder.resolve("ca/root.p12");
    Path away = folder.resolve("root.p12");
    Files.move(p12, away);
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
    assertThat(authority.rootKeyHere()).isFalse();
    now = now.plus(Duration.ofDays(4 * 365 + 30));
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
    assertThat(authority.issuing()).hasSize(1);
    Files.move(away, p12);
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
    assertThat(authority.issuing()).hasSize(2);
    assertThat(meter().getIssuerX500Principal()).isNotEqualTo(before.getIssuerX500Principal());
  }

  @Test
  @DisplayName("S23: serial numbers are random, of 128 bits")
  void serials() {
    assertThat(meter().getSerialNumber().bitLength()).isEqualTo(128);
    assertThat(meter().getSerialNumber()).isNotEqualTo(meter().getSerialNumber());
  }
}
