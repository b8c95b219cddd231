package org.gridwarden.security.cbke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.gridwarden.security.SecretFiles;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgreementTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long OFFICE = 0x0247_5700_0000_0000L;
  private static final long METER = OFFICE + 1;

  private static TestAuthority authority(Suite suite) {
    return TestAuthority.make(suite, 77, RANDOM);
  }

  private static Agreement agree(
      boolean began, CbkeIdentity own, Ephemeral ephemeral, CbkeIdentity other, Ephemeral its)
      throws CbkeException {
    return began
        ? Agreement.asInitiator(own, ephemeral, other.certificate(), its.point())
        : Agreement.asResponder(own, ephemeral, other.certificate(), its.point());
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesHaveTheSameKeyAndAnotherOneEachTime(Suite suite) throws Exception {
    TestAuthority authority = authority(suite);
    CbkeIdentity office = authority.issue(OFFICE, NOW);
    CbkeIdentity meter = authority.issue(METER, NOW);
    assertThat(office.certificate().subject()).isEqualTo(OFFICE);
    assertThat(office.certificate().issuer()).isEqualTo(77);
    assertThat(office.certificate().holds(NOW)).isTrue();
    assertThat(office.certificate().holds(NOW.minusSeconds(1))).isEqualTo(suite == Suite.SUITE_1);
    Ephemeral its = Ephemeral.make(suite, RANDOM);
    Ephemeral offices = Ephemeral.make(suite, RANDOM);
    Agreement began = agree(true, meter, its, office, offices);
    Agreement asked = agree(false, office, offices, meter, its);
    assertThat(began.linkKey()).hasSize(16).isEqualTo(asked.linkKey());
    Agreement.confirm(asked.initiatorProof(), began.initiatorProof());
    Agreement.confirm(began.responderProof(), asked.responderProof());
    assertThat(began.initiatorProof()).isNotEqualTo(began.responderProof());
    assertThat(agree(false, office, Ephemeral.make(suite, RANDOM), meter, its).linkKey())
        .isNotEqualTo(began.linkKey());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C22 C23: a certificate by another authority, or copied, or changed, gives no key")
  void whoIsNotWhoItSaysHasNoKey(Suite suite) throws Exception {
    TestAuthority authority = authority(suite);
    CbkeIdentity office = authority.issue(OFFICE, NOW);
    CbkeIdentity meter = authority.issue(METER, NOW);
    Ephemeral its = Ephemeral.make(suite, RANDOM);
    Ephemeral offices = Ephemeral.make(suite, RANDOM);
    Agreement honest = agree(false, office, offices, meter, its);

    CbkeIdentity strange = authority(suite).issue(METER, NOW);
    Agreement stranger = agree(true, strange, its, office, offices);
    Agreement asked = agree(false, office, offices, strange, its);
    refused(asked, stranger);

    // who copies the meter's certificate has not its private key
    CbkeIdentity thief = authority.issue(OFFICE + 2, NOW);
    refused(honest, agree(true, thief, its, office, offices));

    // changed in its subject: another key follows, or none
    byte[] changed = meter.certificate().bytes();
    changed[suite == Suite.SUITE_1 ? 29 : 35] ^= 3;
    ImplicitCertificate other = ImplicitCertificate.parse(suite, changed);
    assertThat(other.subject()).isNotEqualTo(METER);
    refused(
        Agreement.asResponder(office, offices, other, its.point()),
        agree(true, meter, its, office, offices));
  }

  private static void refused(Agreement office, Agreement meter) {
    assertThatThrownBy(() -> Agreement.confirm(office.initiatorProof(), meter.initiatorProof()))
        .isInstanceOfSatisfying(
            CbkeException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_KEY_CONFIRM));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A point of small order, or none of the curve's, is refused")
  void pointsThatGiveKeysAwayAreRefused(Suite suite) throws Exception {
    TestAuthority authority = authority(suite);
    CbkeIdentity office = authority.issue(OFFICE, NOW);
    CbkeIdentity meter = authority.issue(METER, NOW);
    Ephemeral own = Ephemeral.make(suite, RANDOM);
    byte[] zero = new byte[suite.pointLength()];
    byte[] order2 = zero.clone(); // x = 0 has order 2
    order2[0] = 2;
    byte[] long1 = new byte[suite.pointLength() + 1];
    byte[] beyond = own.point();
    java.util.Arrays.fill(beyond, 1, beyond.length, (byte) 0xFF);
    for (byte[] bad : new byte[][] {zero, order2, long1, beyond, {}}) {
      assertThatThrownBy(() -> Agreement.asResponder(office, own, meter.certificate(), bad))
          .isInstanceOfSatisfying(
              CbkeException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_MESSAGE));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C30: an identity is read from its file, and prints nothing of its private key")
  void anIdentityIsKeptInAFile(Suite suite, @TempDir Path folder) throws Exception {
    CbkeIdentity meter = authority(suite).issue(METER, NOW);
    Path file = folder.resolve("identity.txt");
    write(file, meter.text());
    CbkeIdentity read = CbkeIdentity.read(file);
    assertThat(read.text()).isEqualTo(meter.text());
    assertThat(read.certificate().bytes()).isEqualTo(meter.certificate().bytes());
    String secret = meter.text().lines().filter(l -> l.startsWith("Private")).findFirst().get();
    String digits = secret.substring(secret.indexOf(':') + 2);
    assertThat(meter.toString()).doesNotContain(digits.substring(4, 20));

    // broken over several lines, as such files are
    String broken = meter.text().replace(digits, "\n  " + digits.replaceAll("(.{8})", "$1 \n"));
    write(file, broken);
    assertThat(CbkeIdentity.read(file).text()).isEqualTo(meter.text());

    String other = meter.text().replace(digits, "00" + "11".repeat(digits.length() / 2 - 1));
    write(file, other);
    assertThatThrownBy(() -> CbkeIdentity.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private key is another one")
        .hasMessageNotContaining("1111");
    write(file, "CA Pub Key: 02");
    assertThatThrownBy(() -> CbkeIdentity.read(file)).hasMessageContaining("Device Implicit Cert");
  }

  private static void write(Path file, String text) throws IOException {
    SecretFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
