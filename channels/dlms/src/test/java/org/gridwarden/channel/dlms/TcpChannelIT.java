package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S3, S19: pushes over TCP, and what hostile connections cannot do. */
class TcpChannelIT {
  private final TestOffice office = new TestOffice();
  private final Channel channel =
      new DlmsChannelFactory()
          .create(
              Map.of(
                  "tcp", Map.of("bind", "0.0.0.0", "port", 0), "firstMessage", "3s", "inFlight", 4))
          .get(0);
  private int port;

  @BeforeEach
  void start() throws ChannelException {
    channel.start(office.host());
    port = Integer.parseInt(channel.id().instance().substring("tcp-".length()));
  }

  @AfterEach
  void stop() {
    channel.close();
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    socket.setSoTimeout((int) TestOffice.SOON.toMillis());
    return socket;
  }

  private static byte[] framed(long counter) {
    return Wrapper.encode(
        1, 103, TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), counter));
  }

  private static byte[] answer(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] header = in.readNBytes(Wrapper.HEADER);
    assertThat(header).startsWith(0, 1, 0, 103, 0, 1);
    return in.readNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
  }

  private static void confirmed(Socket socket) throws IOException {
    assertThat(TestOffice.opened(answer(socket))).isInstanceOf(Apdu.DataNotificationConfirm.class);
  }

  @Test
  void pipelinedPushesInAnySplitAreEachConfirmed() throws IOException {
    try (Socket meter = connect("127.0.0.2")) {
      OutputStream out = meter.getOutputStream();
      byte[] both = Arrays.copyOf(framed(1), framed(1).length * 2);
      System.arraycopy(framed(2), 0, both, both.length / 2, both.length / 2);
      for (int at = 0; at < both.length; at += 50) {
        out.write(both, at, Math.min(50, both.length - at));
        out.flush();
      }
      confirmed(meter);
      confirmed(meter);
      // and again: a lost confirm makes an honest meter resend
      out.write(framed(2));
      confirmed(meter);
      assertThat(office.submitted).hasSize(3);
    }
  }

  @Test
  void whatDoesNotSpeakTheProtocolIsPutOutAtOnce() throws IOException {
    try (Socket stranger = connect("127.0.0.3")) {
      stranger
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(ended(stranger)).isTrue();
    }
  }

  @Test
  void tricklingBytesDoNotExtendTheFirstDeadline() throws IOException {
    try (Socket slow = connect("127.0.0.3")) {
      byte[] push = framed(1);
      long start = System.nanoTime();
      int[] at = {0};
      await()
          .atMost(TestOffice.SOON)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            try {
              slow.getOutputStream().write(push, at[0]++, 1);
              return channel.health().detail().contains("1 timed out");
            } catch (IOException e) {
              return true;
            }
          });
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void nothingIsConfirmedBeforeTheCommitAndReadingStopsWhileIntakeIsFull() throws Exception {
    office.stall = true;
    try (Socket meter = connect("127.0.0.2")) {
      OutputStream out = meter.getOutputStream();
      for (int i = 1; i <= 20; i++) {
        out.write(framed(i));
      }
      await().atMost(TestOffice.SOON).until(() -> office.submitted.size() == 4);
      assertThat(meter.getInputStream().available()).isZero();
      assertThat(office.submitted).as("four may be under way").hasSize(4);
      office.stall = false;
      office.stalled.complete(new Outcome.Stored());
      for (int i = 1; i <= 20; i++) {
        confirmed(meter);
      }
      assertThat(office.submitted).hasSize(20);
    }
  }

  @Test
  void aPushUnderWayIsAnsweredBeforeClosing() throws Exception {
    office.stall = true;
    try (Socket meter = connect("127.0.0.2")) {
      meter.getOutputStream().write(framed(1));
      await().atMost(TestOffice.SOON).until(() -> office.submitted.size() == 1);
      Thread closing = Thread.ofVirtual().start(channel::close);
      office.stalled.complete(new Outcome.Stored());
      confirmed(meter);
      assertThat(closing.join(TestOffice.SOON)).isTrue();
      assertThat(ended(meter)).isTrue();
    }
  }

  @Test
  void aTakenPortIsToldWithTheRemedy() {
    Channel second =
        new DlmsChannelFactory()
            .create(Map.of("tcp", Map.of("bind", "0.0.0.0", "port", port)))
            .get(0);
    assertThatThrownBy(() -> second.start(office.host()))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("take another port");
    second.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.4", "127.0.0.3"})
  @DisplayName("C21: idle and slow connections do not hold up an honest meter's push for 2 s")
  void floodOfIdleConnections(String honest) throws IOException {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < 2_000; i++) {
        Socket idle = connect("127.0.0.3");
        flood.add(idle);
        if (i % 2 == 0) {
          try {
            idle.getOutputStream().write(new byte[] {0, 1, 0});
          } catch (IOException e) {
            // put out already
          }
        }
      }
      long start = System.nanoTime();
      try (Socket meter = connect(honest)) {
        meter.getOutputStream().write(framed(1));
        confirmed(meter);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    } finally {
      for (Socket idle : flood) {
        idle.close();
      }
    }
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }
}
