package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.sip.SipPacket;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes by datagram or connection, it is read, answered or refused; what is answered
 * can be read, and has no line that was not meant to be one.
 */
class MessageFuzz {
  private static final Nonces NONCES = new Nonces(Duration.ofMinutes(5));
  private static final Tally TALLY = new Tally();
  private static final int CHUNK = 61;

  /** Keeps what is sent. */
  private static final class Kept implements Flow {
    private final List<byte[]> sent = new ArrayList<>();

    @Override
    public boolean isReliable() {
      return false;
    }

    @Override
    public String transport() {
      return "UDP";
    }

    @Override
    public String local() {
      return "127.0.0.1:5060";
    }

    @Override
    public InetSocketAddress source() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 5061);
    }

    @Override
    public Optional<TransportPeer> shown() {
      return Optional.empty();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void send(byte[] message) {
      sent.add(message);
    }

    @Override
    public boolean proven(MeterId name) {
      return true;
    }

    @Override
    public boolean begin() {
      return true;
    }

    @Override
    public void done() {}
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyMessage(byte[] bytes) throws Exception {
    int end = Head.end(bytes, 0, bytes.length);
    if (end > 0) {
      try {
        whole(Head.parse(bytes, 0, end), bytes, end);
      } catch (SipException e) {
        assertThat(e.status()).isBetween(400, 699);
      }
    }
    framed(bytes);
  }

  private static void whole(Head head, byte[] bytes, int end) throws Exception {
    Kept flow = new Kept();
    Asked asked = new Asked(head, new byte[0], bytes.length, flow, NONCES, TALLY);
    try {
      Request request = Request.of(head);
      Digest.of(head.fields(), "gridwarden", true).ifPresent(Digest::count);
      for (String contact : head.fields().items("contact")) {
        Way.of(flow, NameAddr.parse(contact), head.fields().items("record-route"));
      }
      request.expires();
      request.said();
      Body.read(head.fields(), bytes);
    } catch (SipException e) {
      asked.answer(e.status());
    }
    asked.answer(200);
    assertThat(flow.sent.size()).isLessThanOrEqualTo(1);
    if (!flow.sent.isEmpty()) {
      byte[] answer = flow.sent.getFirst();
      assertThat(answer.length).isLessThanOrEqualTo(3 * bytes.length);
      SipPacket read = SipPacket.of(answer, answer.length);
      assertThat(read.status()).isGreaterThanOrEqualTo(200);
      assertThat(read.fields())
          .allMatch(f ->
              f.matches("(Via|From|To|Call-ID|CSeq|Record-Route|Content-Length): ?[^\\r\\n]*"));
    }
    assertThat(end).isPositive();
  }

  private static void framed(byte[] bytes) {
    Framer framer = new Framer(512, 256);
    for (int at = 0; at < bytes.length; at += CHUNK) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(at + CHUNK, bytes.length));
      framer.take(part, part.length);
      Framer.Next next = framer.next();
      while (!(next instanceof Framer.Next.Nothing)) {
        if (next instanceof Framer.Next.Broken) {
          return;
        }
        if (next instanceof Framer.Next.Message whole) {
          assertThat(whole.body().length).isLessThanOrEqualTo(256);
        }
        next = framer.next();
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(
            Torture.all().stream().map(Torture::text), Stream.of("\n\n\n\n" + Raw.probe(1)))
        .map(text -> Arguments.of((Object) Raw.bytes(text)));
  }
}
