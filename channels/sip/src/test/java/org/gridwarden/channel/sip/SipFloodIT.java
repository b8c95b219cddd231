package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipWire;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Datagrams without end from one address, and such that are sent to have others flooded. */
class SipFloodIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int HONEST = 10;
  private static final String REGISTER =
      Raw.probe(1).replace("OPTIONS", "REGISTER").replace("sip:probe@192.0.2.1", "sip:" + A);

  @Test
  @DisplayName("C21, C40: 10 of 10 are served by datagram while another address sends all it can")
  void aFlood() throws Exception {
    AtomicBoolean running = new AtomicBoolean(true);
    AtomicLong sent = new AtomicLong();
    try (TestOffice office = new TestOffice(Transport.UDP);
        DatagramSocket attacker =
            new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.66"), 0))) {
      byte[] request = Raw.bytes(REGISTER);
      DatagramPacket packet = new DatagramPacket(request, request.length, office.address());
      Thread flood =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (running.get()) {
                    attacker.send(packet);
                    sent.incrementAndGet();
                  }
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      try (SipLine line =
          office.line(
              SipWire.udp(office.address(), Optional.of(InetAddress.getByName("127.0.0.9"))), A)) {
        await().atMost(LONG).until(() -> office.channel.tally().of(Tally.What.OVER_LIMIT) > 1_000);
        MeterEnd end = office.end(A);
        int served = 0;
        for (int i = 0; i < HONEST; i++) {
          byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
          served += SipEndpointIT.post(line, message).status() == 200 ? 1 : 0;
        }
        assertThat(served).isEqualTo(HONEST);
      } finally {
        running.set(false);
        flood.join();
      }
      assertThat(sent.get()).isGreaterThan(1_000);
      assertThat(office.submitted).hasSize(HONEST);
    }
  }

  @Test
  @DisplayName("C40: who asks in few bytes is not answered in many")
  void noAmplification() throws Exception {
    try (TestOffice office = new TestOffice(Transport.UDP);
        Raw raw = new Raw(office.wire())) {
      raw.send(
          """
          REGISTER sip:a SIP/2.0
          v:SIP/2.0/UDP a
          f:sip:a
          t:sip:a
          i:1
          CSeq:1 REGISTER

          """);
      await().atMost(LONG).until(() -> office.channel.tally().of(Tally.What.OVER_LIMIT) == 1);
      raw.send(Raw.probe(7));
      assertThat(raw.answer().field("call-id")).contains("probe-7");
    }
  }

  @Test
  @DisplayName("C40: an answer goes to where the question came from, whatever it says of itself")
  void nobodyElseIsAnswered() throws Exception {
    try (TestOffice office = new TestOffice(Transport.UDP);
        DatagramSocket victim = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        Raw raw = new Raw(office.wire())) {
      victim.setSoTimeout(200);
      raw.send(
          REGISTER
              .replace("192.0.2.1:5060;", "127.0.0.1:" + victim.getLocalPort() + ";")
              .replace(";rport", ""));
      assertThat(raw.answer().status()).isEqualTo(401);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> victim.receive(new DatagramPacket(new byte[1], 1)))
          .isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }
}
