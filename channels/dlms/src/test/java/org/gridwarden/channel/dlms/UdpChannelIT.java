package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.api.Test;

/** S3: a push in a datagram, confirmed in another. */
class UdpChannelIT {
  @Test
  void storedAndConfirmedBesideRubbish() throws Exception {
    TestOffice office = new TestOffice();
    try (Channel channel =
            new DlmsChannelFactory()
                .create(Map.of("udp", Map.of("bind", "127.0.0.1", "port", 0)))
                .get(0);
        DatagramSocket meter = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      channel.start(office.host());
      meter.connect(
          InetAddress.getLoopbackAddress(),
          Integer.parseInt(channel.id().instance().substring("udp-".length())));
      meter.setSoTimeout((int) TestOffice.SOON.toMillis());
      send(meter, new byte[] {1, 2, 3});
      send(meter, new byte[0]);
      send(
          meter,
          Wrapper.encode(1, 103, TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), 3)));
      DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
      meter.receive(packet);
      byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
      // version 1, from 103 to 1
      assertThat(answer).startsWith(0, 1, 0, 103, 0, 1);
      assertThat(TestOffice.opened(Arrays.copyOfRange(answer, 8, answer.length)))
          .isInstanceOf(Apdu.DataNotificationConfirm.class);
      assertThat(office.submitted).hasSize(1);
      await()
          .atMost(TestOffice.SOON)
          .until(() -> channel.health().detail().contains("1 link fault"));
    }
  }

  private static void send(DatagramSocket socket, byte[] bytes) throws java.io.IOException {
    socket.send(new DatagramPacket(bytes, bytes.length));
  }
}
