package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.CoapEndpointIT.soon;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.coap.CoapLine;
import org.gridwarden.simulator.coap.OscoreLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The endpoint without DTLS, under OSCORE. */
class OscoreIT {
  private final AtomicLong sequences = new AtomicLong();

  private OscoreLine line(TestOffice office, MeterId meter) throws Exception {
    return new OscoreLine(
        office.line(), meter, TestOffice.key(meter, Purpose.MESSAGE), sequences::getAndIncrement);
  }

  @Test
  @DisplayName("C22: under OSCORE a meter is itself, and no other")
  void posts() throws Exception {
    try (TestOffice office = new TestOffice();
        OscoreLine line = line(office, A)) {
      for (int i = 0; i < 3; i++) {
        byte[] own = office.end(A).seal(Form.SENML_CBOR, usage(A, i));
        assertThat(soon(line.post("gw/usage", own, true)).getCode())
            .isEqualTo(ResponseCode.CHANGED);
      }
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      assertThat(soon(line.post("gw/usage", ofB, true)).getCode())
          .isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(soon(line.get("gw/nothing")).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
      assertThat(office.submitted).hasSize(3);
    }
  }

  @Test
  @DisplayName("C22: with another's key nothing is heard, and what the answer says lies open")
  void notItsKey() throws Exception {
    try (TestOffice office = new TestOffice();
        OscoreLine line =
            new OscoreLine(
                office.line(), A, TestOffice.key(B, Purpose.MESSAGE), sequences::getAndIncrement)) {
      CompletableFuture<Response> answer = line.get("gw/orders");
      assertThatThrownBy(() -> soon(answer)).hasRootCauseMessage("the answer lies open: 4.01");
      assertThat(office.channel.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(1);
    }
  }

  @Test
  void anOrderIsNotified() throws Exception {
    try (TestOffice office = new TestOffice();
        OscoreLine line = line(office, A)) {
      assertThat(soon(line.get("gw/orders")).getCode()).isEqualTo(ResponseCode.CONTENT);
      List<byte[]> told = new CopyOnWriteArrayList<>();
      line.observe(
          "gw/orders",
          answer -> told.add(answer.getPayloadSize() == 0 ? new byte[0] : answer.getPayload()),
          () -> {});
      await().atMost(SOON).until(() -> office.channel.reaches(A) && !told.isEmpty());
      for (int i = 1; i <= 2; i++) {
        SignedCommand command = new SignedCommand(new CommandId(new UUID(1, i)), A, new byte[] {1});
        int before = told.size();
        try (var session = office.channel.open(A, Deadline.in(SOON))) {
          Thread sender =
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      session.send(command);
                    } catch (Exception e) {
                      // it is not answered
                    }
                  });
          await().atMost(SOON).until(() -> told.size() > before);
          assertThat(office.end(A).open(told.getLast())).isInstanceOf(Payload.Dispatch.class);
          sender.interrupt();
          sender.join();
        }
      }
    }
  }

  /** Notes what goes up, and can send it again. */
  private static final class Tap implements AutoCloseable {
    private final DatagramSocket front;
    private final DatagramSocket back;
    private final InetSocketAddress office;
    private volatile java.net.SocketAddress meter = new InetSocketAddress(0);
    private volatile boolean closed;
    final List<byte[]> up = new CopyOnWriteArrayList<>();
    final List<byte[]> down = new CopyOnWriteArrayList<>();

    Tap(InetSocketAddress office) throws Exception {
      this.office = office;
      this.front = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
      this.back = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
      Thread.ofPlatform().daemon().start(() -> pump(front, true));
      Thread.ofPlatform().daemon().start(() -> pump(back, false));
    }

    private void pump(DatagramSocket from, boolean upwards) {
      byte[] buffer = new byte[4_096];
      while (!closed) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        try {
          from.receive(packet);
          byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
          if (upwards) {
            meter = packet.getSocketAddress();
            up.add(bytes);
            again(bytes);
          } else {
            down.add(bytes);
            front.send(new DatagramPacket(bytes, bytes.length, meter));
          }
        } catch (java.io.IOException e) {
          // closed
        }
      }
    }

    void again(byte[] bytes) throws java.io.IOException {
      back.send(new DatagramPacket(bytes, bytes.length, office));
    }

    InetSocketAddress address() {
      return new InetSocketAddress("127.0.0.1", front.getLocalPort());
    }

    @Override
    public void close() {
      closed = true;
      front.close();
      back.close();
    }
  }

  @Test
  @DisplayName("C1: a request that came is not taken again, under another message id either")
  void replays() throws Exception {
    try (TestOffice office = new TestOffice();
        Tap tap = new Tap(office.address());
        OscoreLine line =
            new OscoreLine(
                TestOffice.line(tap.address(), "127.0.0.1"),
                A,
                TestOffice.key(A, Purpose.MESSAGE),
                sequences::getAndIncrement)) {
      byte[] own = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(soon(line.post("gw/usage", own, true)).getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(tap.up).as("one for the Echo, one with it").hasSize(2);
      List<byte[]> heard = new ArrayList<>(tap.up);
      for (byte[] bytes : heard) {
        byte[] other = bytes.clone();
        other[2] ^= 0x55; // another message id, so that it is no duplicate
        tap.again(other);
      }
      await().atMost(SOON).until(() -> office.channel.tally().of(Tally.What.UNAUTHENTICATED) == 2);
      assertThat(office.submitted).hasSize(1);
      // what goes over the line shows neither path nor answer
      for (byte[] bytes : heard) {
        assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain("usage");
      }
    }
  }

  @Test
  @DisplayName("C1: after a restart of the office a request heard before is not taken either")
  void replayAfterRestart() throws Exception {
    List<byte[]> heard;
    try (TestOffice office = new TestOffice();
        Tap tap = new Tap(office.address());
        OscoreLine line =
            new OscoreLine(
                TestOffice.line(tap.address(), "127.0.0.1"),
                A,
                TestOffice.key(A, Purpose.MESSAGE),
                sequences::getAndIncrement)) {
      assertThat(soon(line.get("gw/orders")).getCode()).isEqualTo(ResponseCode.CONTENT);
      heard = new ArrayList<>(tap.up);
    }
    try (TestOffice office = new TestOffice();
        Tap tap = new Tap(office.address())) {
      for (byte[] bytes : heard) {
        tap.again(bytes);
      }
      // each is asked whether it is now, under a number of the office's own, and does nothing
      await().atMost(SOON).until(() -> tap.down.size() == heard.size());
      try (OscoreLine line = line(office, A);
          CoapLine stranger = office.line()) {
        assertThat(soon(line.get("gw/orders")).getCode()).isEqualTo(ResponseCode.CONTENT);
        assertThat(soon(stranger.get("gw/orders")).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
      }
    }
  }

  @Test
  void largeMessagesComeInBlocksWithin() throws Exception {
    try (TestOffice office = new TestOffice();
        OscoreLine line = line(office, A)) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, large(A, 60));
      assertThat(message.length).isGreaterThan(600);
      assertThat(soon(line.post("gw/usage", message, true)).getCode())
          .isEqualTo(ResponseCode.CHANGED);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      assertThat(office.channel.transfers()).isZero();
    }
  }
}
