package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.sip.SipCarrier;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipPacket;
import org.gridwarden.simulator.sip.SipWire;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debian's Kamailio stands as a proxy between a meter and the office, and sees all of it. */
class KamailioIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  /** A proxy on a port of its own, as long as it is open. */
  private final class Proxy implements AutoCloseable {
    private final InetSocketAddress address;
    private final Process process;

    Proxy(TestOffice office) throws IOException {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        port = free.getLocalPort();
      }
      address = new InetSocketAddress("127.0.0.1", port);
      Path config = folder.resolve("proxy.cfg");
      Files.writeString(
          config,
          Files.readString(Path.of("src/test/kamailio/proxy.cfg"))
              .replace("PROXY", Integer.toString(port))
              .replace("OFFICE", Integer.toString(office.port()))
              .replace("TRANSPORT", office.transport.word()));
      process =
          new ProcessBuilder(
                  "kamailio",
                  "-f",
                  config.toString(),
                  "-DD",
                  "-E",
                  "-m",
                  "32",
                  "-M",
                  "4",
                  "-Y",
                  folder.toString(),
                  "-P",
                  folder.resolve("pid").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile())
              .start();
    }

    SipWire wire(String transport) throws IOException {
      return transport.equals("UDP")
          ? SipWire.udp(address, Optional.empty())
          : SipWire.of(SipCarrier.connect(address));
    }

    /** Waits until it passes something on. */
    void awaitUp() {
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            try (SipWire wire = wire("TCP")) {
              wire.send(Raw.bytes(Raw.probe(1).replace("SIP/2.0/UDP", "SIP/2.0/TCP")));
              return wire.receive().status() == 200;
            }
          });
    }

    @Override
    public void close() throws Exception {
      process.destroy(); // its children end with it
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"UDP,UDP", "TCP,UDP", "UDP,TCP", "TCP,TCP"})
  @DisplayName("C9, C22: by way of a proxy a meter registers, tells, is notified, and answers")
  void aMeterBehindAProxy(String meterSide, Transport officeSide) throws Exception {
    BlockingQueue<SipPacket> heard = new LinkedBlockingQueue<>();
    try (TestOffice office = new TestOffice(officeSide);
        Proxy proxy = new Proxy(office)) {
      proxy.awaitUp();
      try (SipLine line = office.line(proxy.wire(meterSide), A, heard::add)) {
        MeterEnd end = office.end(A);
        SipPacket registered = line.ask("REGISTER", "", List.of("Expires: 600"), new byte[0]);
        assertThat(registered.status()).isEqualTo(200);
        assertThat(registered.field("path")).isPresent();
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, 117));
        assertThat(SipEndpointIT.post(line, message).status()).isEqualTo(200);
        assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));

        TestDesk desk = TestDesk.of(A);
        CompletableFuture<Receipt> receipt =
            CompletableFuture.supplyAsync(() -> desk.send(office.channel));
        SipPacket order = Optional.ofNullable(heard.poll(60, TimeUnit.SECONDS)).orElseThrow();
        assertThat(order.start()).startsWith("MESSAGE sip:" + A);
        List<String> events =
            List.of("Event: gridwarden-orders", "Expires: 600", "Accept: application/cose");
        assertThat(line.ask("SUBSCRIBE", "orders", events, new byte[0]).status()).isEqualTo(200);
        SipPacket notice = Optional.ofNullable(heard.poll(60, TimeUnit.SECONDS)).orElseThrow();
        assertThat(notice.start()).startsWith("NOTIFY sip:" + A);
        assertThat(notice.all("via")).as("by way of the proxy").hasSize(2);
        assertThat(notice.body()).isEqualTo(order.body());
        byte[] answer = desk.answer(end, notice.body());
        assertThat(
                line.ask("MESSAGE", "control", List.of("Content-Type: application/cose"), answer)
                    .status())
            .isEqualTo(200);
        desk.confirms(receipt.get(60, TimeUnit.SECONDS));
        assertThat(office.channel.tally().of(Tally.What.GONE)).isZero();
      }
    }
  }
}
