package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.ChannelException;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.sip.SipPacket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 4475-like messages: each is answered as it should be, or not; the listener lives on. */
class TortureIT {
  private static final int AMPLIFICATION = 3;
  private static final AtomicInteger PROBES = new AtomicInteger();
  private static TestOffice datagrams;
  private static TestOffice streams;

  @BeforeAll
  static void open() throws ChannelException {
    datagrams = new TestOffice(Transport.UDP);
    streams = new TestOffice(Transport.TCP);
  }

  @AfterAll
  static void close() {
    datagrams.close();
    streams.close();
  }

  static List<Torture> all() {
    return Torture.all();
  }

  static List<Torture> streamed() {
    return Torture.all().stream().filter(t -> t.where() == Torture.Where.BOTH).toList();
  }

  private static Raw raw(TestOffice office) {
    try {
      return new Raw(office.wire());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isProbe(SipPacket packet, int number) {
    return packet.field("call-id").equals(Optional.of("probe-" + number)) && packet.status() == 200;
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName("C39, C40: a torture message by datagram; no answer is three times as long")
  void byDatagram(Torture torture) throws Exception {
    byte[] bytes = Raw.bytes(torture.text());
    try (Raw raw = raw(datagrams)) {
      raw.send(bytes);
      if (torture.status() > 0) {
        SipPacket answer = raw.answer();
        assertThat(answer.status()).isEqualTo(torture.status());
        assertThat(answer.bytes().length).isLessThanOrEqualTo(AMPLIFICATION * bytes.length);
      }
      // it lives on, and says nothing else
      int probe = PROBES.incrementAndGet();
      raw.send(Raw.probe(probe));
      assertThat(isProbe(raw.answer(), probe)).isTrue();
    }
    assertThat(datagrams.channel.tally().of(Tally.What.FAILED)).isZero();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  @DisplayName("C39: a torture message by connection")
  void byConnection(Torture torture) throws Exception {
    int probe = PROBES.incrementAndGet();
    try (Raw raw = raw(streams)) {
      raw.send(torture.text());
      raw.send(Raw.probe(probe));
      Optional<SipPacket> answer = raw.next();
      if (torture.status() > 0) {
        assertThat(answer.map(SipPacket::status)).contains(torture.status());
        answer = raw.next();
      }
      // either the connection goes on, or it is cut where nobody knows where the next begins
      if (answer.isPresent()) {
        assertThat(isProbe(answer.get(), probe)).isTrue();
      }
    }
    try (Raw raw = raw(streams)) {
      raw.send(Raw.probe(-probe));
      assertThat(isProbe(raw.answer(), -probe)).isTrue();
    }
    assertThat(streams.channel.tally().of(Tally.What.FAILED)).isZero();
    assertThat(streams.submitted).isEmpty();
  }
}
