package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests to a group (RFC 7252, clause 8), by multicast on the loopback interface. */
class GroupIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String GROUP = "239.192.7.7"; // of an organisation's own (RFC 2365)
  private static final String LOOPBACK = "lo";

  private static TestOffice office(int port) throws Exception {
    return new TestOffice(
        "udp",
        Map.of(
            "multicast",
            Map.of("group", GROUP, "port", port, "interface", LOOPBACK),
            "leisure",
            "200ms"),
        AdmissionLimits.defaults());
  }

  private static int free() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Somebody who asks a group. */
  private static final class Asker implements AutoCloseable {
    private final MulticastSocket socket;
    private final InetSocketAddress group;
    private int number;

    Asker(int port) throws Exception {
      socket = new MulticastSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      socket.setNetworkInterface(NetworkInterface.getByName(LOOPBACK));
      socket.setSoTimeout((int) LONG.toMillis());
      group = new InetSocketAddress(InetAddress.getByName(GROUP), port);
    }

    static Request request(Code code, Type type, List<String> path, String... queries) {
      Request request = new Request(code, type);
      path.forEach(request.getOptions()::addUriPath);
      Arrays.stream(queries).forEach(request.getOptions()::addUriQuery);
      return request;
    }

    byte[] say(Request request, InetSocketAddress to) throws Exception {
      number++;
      request.setMID(number);
      request.setToken(new byte[] {7, (byte) number});
      byte[] bytes = new UdpDataSerializer().getByteArray(request);
      socket.send(new DatagramPacket(bytes, bytes.length, to));
      return bytes;
    }

    byte[] ask(Request request) throws Exception {
      return say(request, group);
    }

    Response hear() throws Exception {
      DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
      socket.receive(packet);
      from = packet.getPort();
      length = packet.getLength();
      return (Response)
          new UdpDataParser().parseMessage(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private int from;
    private int length;

    @Override
    public void close() {
      socket.close();
    }
  }

  @Test
  @DisplayName("C40: a group is answered unconfirmed, in few bytes, from the office's own port")
  void aGroupIsAsked() throws Exception {
    int port = free();
    try (TestOffice office = office(port);
        Asker asker = new Asker(port)) {
      byte[] asked = asker.ask(Asker.request(Code.GET, Type.NON, WellKnown.PATH, "rt=gw.orders"));
      Response found = asker.hear();
      assertThat(found.getCode()).isEqualTo(ResponseCode.CONTENT);
      assertThat(found.getType()).isEqualTo(Type.NON);
      assertThat(found.getTokenBytes()).containsExactly(7, 1);
      assertThat(found.getPayloadString()).isEqualTo("</gw/orders>;rt=\"gw.orders\";ct=16;obs");
      assertThat(asker.from).isEqualTo(office.port());
      assertThat(asker.length).isLessThanOrEqualTo(3 * asked.length);
      assertThat(office.channel.tally().of(Tally.What.GROUP)).isEqualTo(1);

      // all of it is more than a stranger gets: who wants that asks the office alone
      asker.ask(Asker.request(Code.GET, Type.NON, WellKnown.PATH));
      await().atMost(LONG).until(() -> office.channel.tally().of(Tally.What.PASSED_OVER) == 1);
    }
  }

  @Test
  @DisplayName("C9, C40: what a group is not asked for is passed over in silence, and not done")
  void nothingElseIsAnswered() throws Exception {
    int port = free();
    try (TestOffice office = office(port);
        Asker asker = new Asker(port)) {
      Request post = Asker.request(Code.POST, Type.NON, List.of("gw", "usage"));
      post.getOptions().setContentFormat(Uplink.COSE_ENCRYPT0);
      post.setPayload(office.end(A).seal(Form.SENML_CBOR, usage(A, 1)));
      asker.ask(post);
      asker.ask(Asker.request(Code.GET, Type.NON, List.of("gw", "orders")));
      asker.ask(Asker.request(Code.GET, Type.NON, List.of("nothing")));
      asker.ask(Asker.request(Code.GET, Type.NON, WellKnown.PATH, "rt=nothing"));
      asker.ask(Asker.request(Code.DELETE, Type.NON, List.of("rd", "1")));
      await().atMost(LONG).until(() -> office.channel.tally().of(Tally.What.PASSED_OVER) == 5);
      // a confirmable one is none at all (clause 8.1)
      asker.ask(Asker.request(Code.GET, Type.CON, WellKnown.PATH, "rt=gw.orders"));
      asker.ask(Asker.request(Code.GET, Type.NON, WellKnown.PATH, "rt=core.rd"));
      Response only = asker.hear();
      assertThat(only.getTokenBytes()).containsExactly(7, 7);
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void settingsAreChecked() {
    CoapChannelFactory factory = new CoapChannelFactory();
    Map<String, Object> udp = Map.of("port", 0);
    assertThatThrownBy(() ->
            factory.create(
                Map.of(
                    "udp", udp, "multicast", Map.of("group", "10.0.0.1", "interface", LOOPBACK))))
        .hasMessageContaining("'multicast.group'");
    assertThatThrownBy(
            () -> factory.create(Map.of("udp", udp, "multicast", Map.of("interface", "none9"))))
        .hasMessageContaining("'multicast.interface'");
    assertThatThrownBy(() -> factory.create(Map.of("multicast", Map.of("interface", LOOPBACK))))
        .hasMessageContaining("'multicast'");
  }
}
