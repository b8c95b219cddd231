package org.gridwarden.simulator.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataParser;

/**
 * A meter's ear for what is said to a group by multicast: {@code POST gw/group}, unconfirmed (RFC
 * 7252, clause 8). It answers nothing, whatever comes. Thread-safe.
 */
final class GroupEar implements AutoCloseable {
  private static final List<String> PATH = List.of("gw", "group");
  private static final int COSE_SIGN1 = 18;
  private static final int LONGEST = 2_048;

  private final MulticastSocket socket;

  private GroupEar(MulticastSocket socket) {
    this.socket = socket;
  }

  /**
   * Listens.
   *
   * @param told what was said; quick
   * @throws IOException where the group cannot be joined
   */
  static GroupEar at(InetSocketAddress group, NetworkInterface on, Consumer<byte[]> told)
      throws IOException {
    // bound to the group's own address, so that it hears nothing else
    MulticastSocket socket = new MulticastSocket(group);
    try {
      socket.joinGroup(group, on);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    GroupEar ear = new GroupEar(socket);
    Thread.ofVirtual().name("group-ear").start(() -> ear.listen(told));
    return ear;
  }

  private void listen(Consumer<byte[]> told) {
    byte[] bytes = new byte[LONGEST];
    UdpDataParser parser = new UdpDataParser();
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
      try {
        socket.receive(packet);
        Message message = parser.parseMessage(Arrays.copyOf(bytes, packet.getLength()));
        if (CoAP.isRequest(message.getRawCode())
            && message instanceof Request request
            && request.getType() == Type.NON
            && request.getCode() == Code.POST
            && request.getOptions().getUriPath().equals(PATH)
            && request.getOptions().getContentFormat() == COSE_SIGN1
            && request.getPayloadSize() > 0) {
          told.accept(request.getPayload());
        }
      } catch (MessageFormatException e) {
        // it is no CoAP
      } catch (IOException e) {
        // closed, or nothing that a meter could do anything about
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
