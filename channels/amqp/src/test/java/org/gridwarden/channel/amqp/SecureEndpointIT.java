package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.B;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Under mutual TLS: SASL's EXTERNAL, and a broker that must show the right certificate. */
@ExtendWith(RabbitMq.OneForAll.class)
class SecureEndpointIT {
  private static TestOffice secure(TestAuthority authority) throws Exception {
    return new TestOffice(Map.of(), AdmissionLimits.defaults(), Optional.of(authority));
  }

  private static Socket socket(TestOffice office, TestAuthority authority, Credential own)
      throws Exception {
    return authority.context(own).getSocketFactory().createSocket("localhost", office.port());
  }

  @Test
  @DisplayName("C22, C23: a certificate is the proof; its meter sends, hears and obeys")
  void aMeterIsProvenByItsCertificate() throws Exception {
    TestAuthority authority = TestAuthority.shared();
    TestDesk desk = TestDesk.of(A);
    try (TestOffice office = secure(authority);
        AmqpLine line =
            TestOffice.open(socket(office, authority, authority.meter(A)), AmqpLogin.external(A))) {
      MeterEnd end = office.end(A);
      byte[] message = end.seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(sent(line, TestOffice.up(A), message).accepted()).isTrue();
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      assertThat(sent(line, TestOffice.up(B), ofB).why()).contains("another meter's");
      assertThat(line.hear(TestOffice.down(B), order -> {})).failsWithin(SOON);
      BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>();
      line.hear(TestOffice.down(A), orders::add).get(SOON.toSeconds(), TimeUnit.SECONDS);
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] order = orders.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(order).isNotNull();
      sent(line, TestOffice.up(A), desk.answer(end, order));
      desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
    }
  }

  @Test
  @DisplayName("C22: a password beside a certificate must be the same meter's")
  void aPasswordBesideACertificateAgrees() throws Exception {
    TestAuthority authority = TestAuthority.shared();
    Credential ofA = authority.meter(A);
    try (TestOffice office = secure(authority)) {
      try (AmqpLine line = TestOffice.open(socket(office, authority, ofA), TestOffice.login(A))) {
        assertThat(line.ended()).isNotDone();
      }
      assertThatThrownBy(() -> TestOffice.open(socket(office, authority, ofA), TestOffice.login(B)))
          .isNotNull();
    }
  }

  @Test
  @DisplayName("C23: a revoked certificate opens nothing")
  void aRevokedCertificateIsRefused() throws Exception {
    try (TestAuthority authority = new TestAuthority();
        TestOffice office = secure(authority)) {
      Credential own = authority.meter(A);
      authority.revoke(own);
      assertThatThrownBy(
              () -> TestOffice.open(socket(office, authority, own), AmqpLogin.external(A)))
          .isNotNull();
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void aConcentratorSendsForOthersAndHearsForNobody() throws Exception {
    TestAuthority authority = TestAuthority.shared();
    try (TestOffice office = secure(authority);
        AmqpLine line =
            TestOffice.open(
                socket(office, authority, authority.concentrator("DC-1")),
                AmqpLogin.external(new org.gridwarden.core.MeterId("DC-1")))) {
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      assertThat(sent(line, Addresses.UP, ofA).accepted()).isTrue();
      assertThat(sent(line, TestOffice.up(B), ofB).accepted()).isTrue();
      assertThat(line.hear(TestOffice.down(A), order -> {})).failsWithin(SOON);
    }
  }

  @Test
  void aBrokerUnderTlsMustBeTheRightOne() throws Exception {
    RabbitMq broker = Route.broker();
    RabbitMq.fresh();
    try (TestOffice office =
            new TestOffice(broker.settings(broker.tlsPort, true), AdmissionLimits.defaults());
        AmqpLine line = broker.line()) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(sent(line, RabbitMq.up(), message).accepted()).isTrue();
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
    }
    try (TestOffice office =
        new TestOffice(
            broker.settings(broker.tlsPort, true, Optional.empty()), AdmissionLimits.defaults())) {
      // the runtime trusts the public authorities, and not this one
      await().atMost(SOON).until(() -> office.of(Tally.What.FAILED) > 0);
      assertThat(office.channel.health().state()).isEqualTo(org.gridwarden.core.Health.State.DOWN);
    }
  }
}
