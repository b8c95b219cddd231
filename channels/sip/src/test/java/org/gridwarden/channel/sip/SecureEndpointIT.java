package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.B;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.message.Form;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipWire;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The registrar under mutual TLS. */
class SecureEndpointIT {
  private static SipLine bare(TestOffice office, SipWire wire, org.gridwarden.core.MeterId as) {
    return new SipLine(wire, office.host(), as, Optional.empty(), asked -> {}, () -> {});
  }

  private static int register(SipLine line) throws Exception {
    return line.ask("REGISTER", "", List.of("Expires: 600"), new byte[0]).status();
  }

  @Test
  @DisplayName("C22, C25: a certificate speaks for its meter alone, and needs no digest")
  void aCertificateIsItsMeter() throws Exception {
    try (TestOffice office = new TestOffice(Transport.TLS)) {
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      try (SipLine line = bare(office, office.wire(A), A)) {
        assertThat(SipEndpointIT.post(line, ofA).status()).isEqualTo(200);
        assertThat(register(line)).isEqualTo(200);
        assertThat(office.channel.reaches(A)).isTrue();
      }
      try (SipLine line = bare(office, office.wire(B), B)) {
        assertThat(SipEndpointIT.post(line, ofA).status()).isEqualTo(403);
      }
      try (SipLine line = bare(office, office.wire(B), A)) {
        assertThat(SipEndpointIT.post(line, ofA).status()).as("B says it is A").isEqualTo(403);
        assertThat(register(line)).isEqualTo(403);
      }
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  @DisplayName("C22: a concentrator brings others' messages, and registers whom it has the key of")
  void aConcentratorBringsOthers() throws Exception {
    try (TestOffice office = new TestOffice(Transport.TLS)) {
      Credential proxy = office.authority.orElseThrow().concentrator("proxy-1");
      try (SipLine line = bare(office, office.wire(proxy), A)) {
        assertThat(
                SipEndpointIT.post(line, office.end(A).seal(Form.SENML_CBOR, usage(A, 1))).status())
            .isEqualTo(200);
        assertThat(register(line)).isEqualTo(401);
        assertThat(office.channel.reaches(A)).isFalse();
      }
      try (SipLine line = office.line(office.wire(proxy), A)) {
        assertThat(register(line)).isEqualTo(200);
        assertThat(office.channel.reaches(A)).isTrue();
      }
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  @DisplayName("C23: a certificate that is revoked ends its connection")
  void aRevokedCertificateIsCut() throws Exception {
    try (TestAuthority authority = new TestAuthority();
        TestOffice office = TestOffice.secure(authority)) {
      Credential its = authority.meter(A);
      try (SipLine line = bare(office, office.wire(its), A)) {
        assertThat(register(line)).isEqualTo(200);
        authority.revoke(its);
        await().atMost(Duration.ofSeconds(60)).until(() -> !office.channel.reaches(A));
      }
    }
  }
}
