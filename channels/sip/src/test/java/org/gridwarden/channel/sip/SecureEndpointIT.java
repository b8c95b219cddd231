package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.B;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.message.Form;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipPacket;
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

  private static String subscribe(int number, String tag) {
    return """
    SUBSCRIBE sip:orders@office SIP/2.0
    Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK%1$d
    Max-Forwards: 70
    From: <sip:%3$s@office>;tag=mine
    To: <sip:orders@office>%2$s
    Call-ID: one-dialog
    CSeq: %1$d SUBSCRIBE
    Contact: <sip:%3$s@127.0.0.1:5061;transport=tcp>
    Event: gridwarden-orders;id=7
    Expires: 600
    Content-Length: 0

    """
        .formatted(number, tag, A);
  }

  @Test
  void aSubscriptionIsRefreshedWithinItsDialog() throws Exception {
    try (TestOffice office = new TestOffice(Transport.TLS);
        Raw raw = new Raw(office.wire(A))) {
      raw.send(subscribe(1, ""));
      SipPacket begun = raw.answer();
      assertThat(begun.status()).isEqualTo(200);
      String to = begun.field("to").orElseThrow();
      SipPacket first = raw.answer();
      assertThat(first.field("cseq")).contains("1 NOTIFY");
      assertThat(first.field("event")).contains("gridwarden-orders;id=7");
      assertThat(first.field("to").orElseThrow()).endsWith(";tag=mine");
      raw.send(subscribe(2, to.substring(to.indexOf(";tag="))));
      assertThat(raw.answer().status()).isEqualTo(200);
      SipPacket second = raw.answer();
      assertThat(second.field("cseq")).contains("2 NOTIFY");
      assertThat(second.field("from")).contains(to);
      raw.send(subscribe(3, ";tag=another"));
      assertThat(raw.answer().status()).isEqualTo(481);
    }
  }

  @Test
  @DisplayName(
      "C22, C25: under TLS without a certificate a digest is asked for, where it is allowed")
  void passwordsUnderTls() throws Exception {
    Map<String, Object> allowed =
        Map.of("tls", Map.of("bind", "127.0.0.1", "port", 0, "passwords", "allowed"));
    try (TestOffice office = new TestOffice(Transport.TLS, allowed, AdmissionLimits.defaults());
        SipLine line = office.line(office.anonymous(), A);
        SipLine stranger = bare(office, office.anonymous(), A)) {
      assertThat(register(stranger)).isEqualTo(401);
      assertThat(register(line)).isEqualTo(200);
      assertThat(
              SipEndpointIT.post(line, office.end(A).seal(Form.SENML_CBOR, usage(A, 1))).status())
          .isEqualTo(200);
    }
    try (TestOffice office = new TestOffice(Transport.TLS)) {
      assertThatThrownBy(() -> register(office.line(office.anonymous(), A)))
          .isInstanceOf(java.io.IOException.class);
    }
  }
}
