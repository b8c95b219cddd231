package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.longValue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.UdpMeterServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** General block transfer over UDP, through something that loses datagrams. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BlockTransferUdpIT {
  private static final int PERCENT_LOST = 15;
  private final AtomicInteger lost = new AtomicInteger();

  /** Passes datagrams on, both ways, but loses some blocks; the first of an answer it spares. */
  private DatagramSocket relay(int meterPort) throws IOException {
    InetSocketAddress meter = new InetSocketAddress(InetAddress.getLoopbackAddress(), meterPort);
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Random chance = new Random(1);
    Thread.ofVirtual()
        .start(() -> {
          byte[] buffer = new byte[65_535];
          SocketAddress client = meter;
          while (!socket.isClosed()) {
            try {
              DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
              socket.receive(packet);
              boolean fromMeter = packet.getSocketAddress().equals(meter);
              client = fromMeter ? client : packet.getSocketAddress();
              // behind the wrapper: E0, control, block number
              boolean block = buffer[Wrapper.HEADER] == (byte) 0xE0;
              boolean first = fromMeter && buffer[Wrapper.HEADER + 3] == 1;
              if (block && !first && chance.nextInt(100) < PERCENT_LOST) {
                lost.incrementAndGet();
                continue;
              }
              packet.setSocketAddress(fromMeter ? client : meter);
              socket.send(packet);
            } catch (IOException e) {
              return; // closed
            }
          }
        });
    return socket;
  }

  @Test
  @DisplayName("long values come through whole both ways, though one block in seven is lost")
  void lossyUdp() throws Exception {
    TestMeter meter = TestMeter.create();
    DlmsData value = longValue(30_000);
    try (UdpMeterServer server =
            UdpMeterServer.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Map.of(1, meter.device()),
                MeterServer.Limits.DEFAULT);
        DatagramSocket relay = relay(server.port());
        Association to =
            Association.open(
                UdpLink.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.getLocalPort()),
                    18,
                    1,
                    UdpLink.MAX_APDU),
                meter
                    .gmac()
                    .withPatience(Duration.ofSeconds(2))
                    .withMaxPdu(512)
                    .withConformance(
                        Conformance.of(
                            Conformance.Service.GENERAL_BLOCK_TRANSFER,
                            Conformance.Service.GET,
                            Conformance.Service.SET)))) {
      assertThat(to.set(LEFT_VALUE, value)).isEqualTo(AccessResult.SUCCESS);
      assertThat(meter.left.value()).isEqualTo(value);
      assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(value));
      assertThat(lost.get()).isPositive();
    }
  }
}
