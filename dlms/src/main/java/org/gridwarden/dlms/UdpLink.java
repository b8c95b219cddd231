package org.gridwarden.dlms;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;

/**
 * APDUs in the wrapper over UDP, one a datagram (IEC 62056-47, clause 6). Nothing is sent again: an
 * answer that does not come is a timeout, and whoever asks decides. Datagrams from others, for
 * others, or that are no whole wrapper are passed over; what lies here already when something is
 * sent is late, or came twice, and is passed over, too. One thread at a time.
 */
public final class UdpLink implements ApduLink {
  /** The greatest APDU that a datagram over IPv4 carries, in bytes. */
  public static final int MAX_APDU = 65_507 - Wrapper.HEADER;

  private static final int MOST_LATE = 1_000;

  private final DatagramChannel channel;
  private final int own;
  private final int peer;
  private final byte[] buffer;

  private UdpLink(DatagramChannel channel, int own, int peer, int maxApdu) {
    this.channel = channel;
    this.own = LinkAddress.port(own).lower();
    this.peer = LinkAddress.port(peer).lower();
    // one byte more, which tells what was cut
    this.buffer = new byte[Wrapper.HEADER + maxApdu + 1];
  }

  /**
   * Opens a port of its own towards a meter, which does not learn of it yet.
   *
   * @param client the client's number: 16 the public client, 1 often the management client
   * @param logicalDevice 1 the management logical device
   * @param maxApdu the longest APDU that is taken, in bytes, 1 to {@link #MAX_APDU}
   */
  public static UdpLink open(InetSocketAddress meter, int client, int logicalDevice, int maxApdu)
      throws IOException {
    Ranges.check(maxApdu, 1, MAX_APDU, "the greatest APDU");
    DatagramChannel channel = DatagramChannel.open();
    try {
      // the system itself then drops what comes from anybody else
      channel.connect(meter);
      return new UdpLink(channel, client, logicalDevice, maxApdu);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * {@inheritDoc}
   *
   * @param apdu of 1 to {@link #MAX_APDU} bytes
   */
  @Override
  public void send(byte[] apdu) throws IOException {
    Ranges.check(apdu.length, 1, MAX_APDU, "the length of an APDU over UDP");
    drain();
    channel.write(ByteBuffer.wrap(Wrapper.encode(own, peer, apdu)));
  }

  private void drain() throws IOException {
    ByteBuffer late = ByteBuffer.wrap(buffer);
    channel.configureBlocking(false);
    try {
      for (int i = 0; i < MOST_LATE && channel.read(late.clear()) > 0; i++) {
        // passed over
      }
    } catch (PortUnreachableException e) {
      // of what was sent before; whether it still holds is told by what is sent now
    } finally {
      channel.configureBlocking(true);
    }
  }

  @Override
  public byte[] receive(Duration patience) throws IOException {
    long until = System.nanoTime() + patience.toNanos();
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (true) {
      long left = (until - System.nanoTime() + 999_999) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("the peer sent no APDU in time");
      }
      channel.socket().setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      packet.setLength(buffer.length);
      channel.socket().receive(packet);
      int length = packet.getLength() - Wrapper.HEADER;
      boolean whole =
          length > 0 && packet.getLength() < buffer.length && word(0) == 1 && word(6) == length;
      if (whole && word(2) == peer && word(4) == own) {
        return Arrays.copyOfRange(buffer, Wrapper.HEADER, packet.getLength());
      }
    }
  }

  private int word(int at) {
    return (buffer[at] & 0xFF) << 8 | (buffer[at + 1] & 0xFF);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
