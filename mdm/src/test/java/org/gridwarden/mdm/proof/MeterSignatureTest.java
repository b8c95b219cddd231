package org.gridwarden.mdm.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.MeterDay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A meter that signs its days itself: its lines are graded so, and a false signature is found. */
class MeterSignatureTest {
  @TempDir Path folder;

  private final ProofField field = new ProofField();
  private final KeyPair meter = ProofField.pair();
  private CertificateAuthority authority;
  private X509Certificate certificate;

  @BeforeEach
  void certify() throws Exception {
    authority =
        CertificateAuthority.open(
            folder.resolve("ca"), OfficeKey.open(folder.resolve("keys")), InstantSource.system());
    certificate = authority.issue(Holder.meter("M1", new byte[0]), meter.getPublic(), List.of());
  }

  /** Has the meter sign a day's values, which are not always those that are billed. */
  private void sign(int index, KeyPair by, X509Certificate shown, long first) throws Exception {
    DayRecord day = field.days.get(index);
    long[] values = day.slots().stream().mapToLong(SlotRecord::value).toArray();
    values[0] = first;
    byte[] signed =
        new MeterDay(
                day.meter(),
                day.channel(),
                day.start(),
                day.seconds(),
                day.unit(),
                day.scaler(),
                MeterDay.digest(values))
            .sign(Signer.of(by));
    Base64.Encoder base64 = Base64.getEncoder();
    field.days.set(
        index,
        new DayRecord(
            day.meter(),
            day.channel(),
            day.date(),
            day.start(),
            day.seconds(),
            day.unit(),
            day.scaler(),
            1,
            day.slots(),
            Optional.of(
                new DayRecord.Signature(
                    base64.encodeToString(signed),
                    base64.encodeToString(CertificatePem.der(shown)))),
            day.salt()));
  }

  private void signAll() throws Exception {
    for (int i = 0; i < field.days.size(); i++) {
      sign(i, meter, certificate, field.days.get(i).slots().getFirst().value());
    }
  }

  private Verdict verify(List<PublicKey> authorities) throws Exception {
    ObjectNode file = field.file();
    return new BillVerifier(field.office.getPublic(), authorities, ProofField.URDB)
        .verify(ProofFile.parse(file.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static Verdict.Graded energy(Verdict verdict) {
    return verdict.lines().stream()
        .filter(g -> g.line().kind() == BillLine.Kind.ENERGY)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatTheMeterSignedWholeIsMeterSigned() throws Exception {
    // without the day that the office had to estimate a part of
    DayRecord gap = field.days.get(11);
    field.days.set(
        11,
        new DayRecord(
            gap.meter(),
            gap.channel(),
            gap.date(),
            gap.start(),
            gap.seconds(),
            gap.unit(),
            gap.scaler(),
            1,
            gap.slots().stream().map(s -> SlotRecord.good(s.value())).toList(),
            Optional.empty(),
            gap.salt()));
    signAll();

    Verdict verdict = verify(List.of(authority.issuing().getFirst().getPublicKey()));

    assertThat(verdict.findings()).isEmpty();
    assertThat(energy(verdict).grade()).isEqualTo(Verdict.Grade.METER_SIGNED);
  }

  @Test
  void whatTheOfficeEstimatedIsNot() throws Exception {
    signAll();

    Verdict verdict = verify(List.of());

    assertThat(verdict.findings()).isEmpty();
    assertThat(energy(verdict).grade()).isEqualTo(Verdict.Grade.OFFICE_ATTESTED);
    assertThat(energy(verdict).signedDays()).isEqualTo(30);
  }

  @Test
  void aSignatureUnderOtherValuesIsFound() throws Exception {
    sign(4, meter, certificate, 7);

    assertThat(verify(List.of()).findings())
        .containsExactly(
            new Verdict.Finding(
                "signature",
                "day 2026-10-05 of meter M1: the meter signed other values than were billed"));
  }

  @Test
  void aSignatureByAnotherKeyIsFound() throws Exception {
    sign(4, ProofField.pair(), certificate, field.days.get(4).slots().getFirst().value());

    assertThat(verify(List.of()).findings())
        .extracting(Verdict.Finding::what)
        .singleElement()
        .asString()
        .contains("the meter's signature: the signature is not by this key");
  }

  @Test
  void anotherMetersCertificateIsFound() throws Exception {
    X509Certificate other =
        authority.issue(Holder.meter("M2", new byte[0]), meter.getPublic(), List.of());
    sign(4, meter, other, field.days.get(4).slots().getFirst().value());

    assertThat(verify(List.of()).findings())
        .extracting(Verdict.Finding::what)
        .singleElement()
        .asString()
        .contains("not this meter's");
  }

  @Test
  void aCertificateOfNoneOfTheAuthoritiesIsFound() throws Exception {
    sign(4, meter, certificate, field.days.get(4).slots().getFirst().value());

    assertThat(verify(List.of(ProofField.pair().getPublic())).findings())
        .extracting(Verdict.Finding::what)
        .singleElement()
        .asString()
        .contains("none of the authorities given issued the certificate");
  }
}
