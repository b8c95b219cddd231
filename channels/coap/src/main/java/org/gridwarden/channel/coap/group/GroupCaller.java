package org.gridwarden.channel.coap.group;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GroupCall;

/**
 * Says an operator's signed call to a group of meters at once: {@code POST gw/group} by multicast,
 * unconfirmed, and nobody is to answer (RFC 7252, clause 8; RFC 7967). It is looked at before it is
 * sent: what would switch anything is none (C9). Thread-safe.
 */
public final class GroupCaller implements AutoCloseable {
  /** COSE_Sign1, as a content-format (RFC 9052, clause 11.3). */
  public static final int COSE_SIGN1 = 18;

  private static final int NO_RESPONSE = 26; // to no class of codes
  private static final int TOKEN = 4;

  private final MulticastSocket socket;
  private final InetSocketAddress group;
  private final InstantSource clock;
  private int number = ThreadLocalRandom.current().nextInt(1 << 16);

  /**
   * @param group a multicast address, and the port that meters listen at
   * @param on the network interface that it is sent by; no router takes it further
   * @throws IOException where the address is none, or nothing can be sent there
   */
  public GroupCaller(InetSocketAddress group, NetworkInterface on, InstantSource clock)
      throws IOException {
    if (group.isUnresolved() || !group.getAddress().isMulticastAddress()) {
      throw new IOException(group.getHostString() + " is no multicast address such as 239.192.0.1");
    }
    this.group = group;
    this.clock = clock;
    this.socket = new MulticastSocket(0);
    try {
      socket.setNetworkInterface(on);
      socket.setTimeToLive(1);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Says a call.
   *
   * @param signed COSE_Sign1
   * @param operator whose signature it bears
   * @return what was said; whether anybody has heard it is not known
   * @throws CommandException where it is no call, is not that operator's, would change something at
   *     a meter, or is not to be done now: nothing was sent
   * @throws IOException where the network does not take it
   */
  public synchronized GroupCall call(byte[] signed, PublicKey operator)
      throws CommandException, IOException {
    GroupCall call = GroupCall.open(signed, operator);
    Instant now = clock.instant();
    if (now.isBefore(call.notBefore()) || !now.isBefore(call.expires())) {
      throw new CommandException(
          "the call is to be done from " + call.notBefore() + " until " + call.expires());
    }
    Request request = new Request(Code.POST, Type.NON);
    request.getOptions().addUriPath("gw").addUriPath("group");
    request.getOptions().setContentFormat(COSE_SIGN1).setNoResponse(NO_RESPONSE);
    number = number + 1 & 0xFFFF;
    request.setMID(number);
    byte[] token = new byte[TOKEN];
    ThreadLocalRandom.current().nextBytes(token);
    request.setToken(token);
    request.setPayload(signed);
    byte[] bytes = new UdpDataSerializer().getByteArray(request);
    socket.send(new DatagramPacket(bytes, bytes.length, group));
    return call;
  }

  @Override
  public void close() {
    socket.close();
  }
}
