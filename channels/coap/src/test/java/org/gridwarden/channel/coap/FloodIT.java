package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client's half-open handshakes, begun transfers and mere noise, and honest meters beside. */
class FloodIT {
  private static final String ATTACKER = "127.0.0.66";
  private static final int HONEST = 10;

  /** Beyond it the attacker's datagrams are not looked at; this way all of them are. */
  private static final long PACE = 150;

  private interface Shot {
    void at(int number) throws IOException;
  }

  /** The attacker, for as long as it lives. */
  private static final class Crowd implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Thread thread;
    final AtomicInteger shots = new AtomicInteger();

    /**
     * @param perSecond 0 for as fast as it goes
     */
    Crowd(long perSecond, Shot shot) {
      thread =
          Thread.ofPlatform()
              .name("crowd")
              .start(() -> {
                long begun = System.nanoTime();
                while (running.get()) {
                  int number = shots.getAndIncrement();
                  try {
                    shot.at(number);
                    if (perSecond > 0) {
                      long due = begun + number * 1_000_000_000L / perSecond;
                      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                    }
                  } catch (IOException | InterruptedException e) {
                    // one less
                  }
                }
              });
    }

    @Override
    public void close() throws InterruptedException {
      running.set(false);
      thread.interrupt();
      thread.join();
    }
  }

  private static int served(CoapLine line, MeterEnd end, int from) throws Exception {
    int served = 0;
    for (int i = 0; i < HONEST; i++) {
      byte[] message = end.seal(Form.SENML_CBOR, usage(A, from + i));
      if (line.post("gw/usage", message, true).get(60, TimeUnit.SECONDS).getCode()
          == ResponseCode.CHANGED) {
        served++;
      }
    }
    return served;
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.9", ATTACKER})
  @DisplayName(
      "C40: 10 of 10 messages are served amid 700 half-open DTLS handshakes of one address")
  void halfOpenHandshakes(String honestFrom) throws Exception {
    List<DatagramSocket> sockets = new ArrayList<>();
    AtomicInteger halfOpen = new AtomicInteger();
    try (TestOffice office =
            new TestOffice("dtls", Map.of("handshake", "30s"), AdmissionLimits.defaults());
        Crowd crowd =
            new Crowd(
                PACE / 2,
                number -> {
                  DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(ATTACKER));
                  sockets.add(socket);
                  socket.setSoTimeout(500);
                  byte[] hello = Hello.first(number);
                  socket.send(new DatagramPacket(hello, hello.length, office.address()));
                  DatagramPacket verify = new DatagramPacket(new byte[512], 512);
                  try {
                    socket.receive(verify);
                  } catch (SocketTimeoutException e) {
                    return;
                  }
                  byte[] second = Hello.second(number, Hello.cookie(verify));
                  socket.send(new DatagramPacket(second, second.length, office.address()));
                  halfOpen.incrementAndGet();
                })) {
      await().atMost(Duration.ofMinutes(2)).until(() -> halfOpen.get() >= 700);
      try (CoapLine line = office.shared(A, A.value(), honestFrom)) {
        assertThat(served(line, office.end(A), 0)).isEqualTo(HONEST);
      }
      // 512 places of one source, and the one that has proven itself
      assertThat(office.admission.counts().sessions()).isLessThanOrEqualTo(513);
      assertThat(office.admission.counts().evicted()).isPositive();
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }

  @Test
  @DisplayName(
      "C21: a meter that holds an association is served while its own address sends all that it can")
  void noise() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A, A.value(), ATTACKER);
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(ATTACKER))) {
      MeterEnd end = office.end(A);
      assertThat(served(line, end, 0)).isEqualTo(HONEST);
      byte[] hello = Hello.first(1);
      try (Crowd crowd =
          new Crowd(
              0,
              number -> socket.send(new DatagramPacket(hello, hello.length, office.address())))) {
        await().atMost(SOON.multipliedBy(3)).until(() -> crowd.shots.get() > 20_000);
        assertThat(served(line, end, 10)).isEqualTo(HONEST);
      }
      assertThat(office.admission.counts().datagramsRefused()).isPositive();
    }
  }

  /** POST gw/usage, the first 16 bytes of many; a query of its own makes each another transfer. */
  private static byte[] beginning(int number) {
    return HexFormat.of()
        .parseHex(
            "4102"
                + HexFormat.of().toHexDigits((short) number)
                + "01b26777057573616765"
                + "44"
                + HexFormat.of().toHexDigits(number | 0x6000_0000)
                + "d10008"
                + "ff"
                + "00".repeat(16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.9", ATTACKER})
  @DisplayName("C39, C40: 10 of 10 large messages are served amid 1,000 begun ones of one address")
  void begunTransfers(String honestFrom) throws Exception {
    try (TestOffice office = new TestOffice();
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(ATTACKER));
        Crowd crowd =
            new Crowd(
                PACE,
                number -> {
                  byte[] part = beginning(number);
                  socket.send(new DatagramPacket(part, part.length, office.address()));
                })) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> crowd.shots.get() >= 1_000 && office.admission.counts().evicted() > 100);
      assertThat(office.channel.transfers()).isLessThanOrEqualTo(512);
      MeterEnd end = office.end(B);
      int served = 0;
      try (CoapLine line = TestOffice.line(office.address(), honestFrom)) {
        for (int i = 0; i < HONEST; i++) {
          byte[] message = end.seal(Form.SENML_JSON, large(B, 60));
          if (line.post("gw/usage", message, true).get(60, TimeUnit.SECONDS).getCode()
              == ResponseCode.CHANGED) {
            served++;
          }
        }
      }
      assertThat(served).isEqualTo(HONEST);
      assertThat(office.channel.transfers()).isLessThanOrEqualTo(513);
    }
  }
}
