package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.TestOffice.NOW;
import static org.gridwarden.channel.coap.TestOffice.SOON;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.gridwarden.channel.coap.group.GroupCaller;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Usage;
import org.gridwarden.security.command.Cbor;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GroupCall;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.coap.CoapCarrier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's call to a group of virtual meters, by multicast on the loopback interface. */
class GroupCallIT {
  private static final String GROUP = "239.192.7.8"; // of an organisation's own (RFC 2365)
  private static final Duration QUIET = Duration.ofSeconds(5); // more than a meter's leisure

  @TempDir Path folder;

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static int free() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static byte[] call(int id, String group, Instant until, KeyPair by)
      throws CommandException {
    return new GroupCall(
            new CommandId(new UUID(7, id)),
            group,
            new Action.Read(),
            NOW.minusSeconds(3_600),
            until,
            "olga")
        .sign(Signer.of(by));
  }

  /** What {@link GroupCall} cannot say: signed by an operator who would have it so. */
  private static byte[] disconnect(KeyPair by) throws CommandException {
    byte[] body =
        Cbor.write(out -> {
          out.writeStartArray(null, 7);
          out.writeNumber(1);
          out.writeBinary(new byte[16]);
          out.writeString("F-1");
          out.writeString("disconnect");
          out.writeNumber(NOW.minusSeconds(60).getEpochSecond());
          out.writeNumber(NOW.plusSeconds(60).getEpochSecond());
          out.writeString("olga");
          out.writeEndArray();
        });
    return Signed.sign(org.gridwarden.security.command.Purpose.GROUP, Signer.of(by), body).bytes();
  }

  /** Somebody who says what they like to the group. */
  private static void say(InetSocketAddress group, byte[] payload) throws IOException {
    Request request = new Request(Code.POST, Type.NON);
    request.getOptions().addUriPath("gw").addUriPath("group");
    request.getOptions().setContentFormat(GroupCaller.COSE_SIGN1);
    request.setMID(Arrays.hashCode(payload) & 0xFFFF);
    request.setToken(new byte[] {1});
    request.setPayload(payload);
    byte[] bytes = new UdpDataSerializer().getByteArray(request);
    try (MulticastSocket socket = new MulticastSocket(0)) {
      socket.setNetworkInterface(NetworkInterface.getByName("lo"));
      socket.send(new DatagramPacket(bytes, bytes.length, group));
    }
  }

  private static List<Long> told(TestOffice office, MessageStreet street) {
    return street.serials().stream()
        .map(MeterId::new)
        .map(meter ->
            office.submitted.stream()
                .filter(r -> r.id().meter().equals(meter))
                .flatMap(r -> r.content().stream())
                .filter(m -> m instanceof Usage usage && !usage.momentary().isEmpty())
                .count())
        .toList();
  }

  @Test
  @DisplayName(
      "C1, C9: a group tells its readings when its operator calls, and at nobody else's call; it is"
          + " never switched")
  void aGroupIsCalled() throws Exception {
    KeyPair operator = pair();
    String name = HexFormat.of().formatHex(Signed.keyId(operator.getPublic()));
    Files.writeString(folder.resolve(name + ".pem"), P256.pem(operator.getPublic()));
    StreetSettings settings =
        StreetSettings.of(2).withSeed(7).withEvery(Duration.ofHours(1)).withOperators(folder);
    InetSocketAddress group = new InetSocketAddress(InetAddress.getByName(GROUP), free());
    NetworkInterface loopback = NetworkInterface.getByName("lo");
    try (TestOffice office = new TestOffice();
        MessageStreet street =
            MessageStreet.of(settings, Households.load(), InstantSource.fixed(NOW));
        MulticastSocket tap = new MulticastSocket(group);
        GroupCaller caller = new GroupCaller(group, loopback, InstantSource.fixed(NOW))) {
      tap.joinGroup(group, loopback);
      tap.setSoTimeout((int) SOON.toMillis());
      for (int i = 1; i <= 2; i++) {
        office.know(new MeterId(street.serials().get(i - 1)));
        office.shipped.put(
            street.serials().get(i - 1) + " " + Purpose.MESSAGE, street.messageKey(i));
      }
      street.start(CoapCarrier.hearing(CoapCarrier.plain(office.address()), group, loopback));
      await().atMost(SOON).until(() -> told(office, street).equals(List.of(1L, 1L)));

      // what would switch is not sent, nor what is not the operator's, or over
      assertThatThrownBy(() -> caller.call(disconnect(operator), operator.getPublic()))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("disconnect");
      KeyPair stranger = pair();
      Instant later = NOW.plusSeconds(3_600);
      assertThatThrownBy(() -> caller.call(call(1, "F-1", later, stranger), operator.getPublic()))
          .isInstanceOf(CommandException.class);
      assertThatThrownBy(() -> caller.call(call(1, "F-1", NOW, operator), operator.getPublic()))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("until");

      byte[] first = call(1, "F-1", later, operator);
      assertThat(caller.call(first, operator.getPublic()).group()).isEqualTo("F-1");
      DatagramPacket heard = new DatagramPacket(new byte[2_048], 2_048);
      tap.receive(heard);
      assertThat(
              Arrays.copyOfRange(
                  heard.getData(), heard.getLength() - first.length, heard.getLength()))
          .as("the first that was sent")
          .isEqualTo(first);
      await().atMost(SOON).until(() -> told(office, street).equals(List.of(2L, 2L)));

      // by whoever can speak to the group: repeated, changed, a stranger's, another group's, more
      say(group, first);
      byte[] changed = call(2, "F-1", later, operator);
      changed[changed.length - 1] ^= 1;
      say(group, changed);
      say(group, call(3, "F-1", later, stranger));
      say(group, call(4, "F-2", later, operator));
      say(group, disconnect(operator));
      say(group, new byte[] {(byte) 0xD2, 1});
      await().during(QUIET).atMost(SOON).until(() -> told(office, street).equals(List.of(2L, 2L)));
      assertThat(street.isConnected(1)).isTrue();
      assertThat(street.isConnected(2)).isTrue();

      // and they still listen
      caller.call(call(5, "F-1", later, operator), operator.getPublic());
      await().atMost(SOON).until(() -> told(office, street).equals(List.of(3L, 3L)));
    }
  }

  @Test
  void onlyAGroupIsCalled() throws Exception {
    NetworkInterface loopback = NetworkInterface.getByName("lo");
    assertThatThrownBy(() ->
            new GroupCaller(
                new InetSocketAddress("127.0.0.1", 5_683), loopback, InstantSource.system()))
        .hasMessageContaining("no multicast address");
  }
}
