package org.gridwarden.dlms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** APDUs in the wrapper over a TCP connection (IEC 62056-47). One thread at a time. */
public final class WrapperLink implements ApduLink {
  private final ByteLine line;
  private final WrapperReader reader;
  private final int own;
  private final int peer;

  /**
   * Over a connection that is there.
   *
   * @param socket closed with this
   * @param own the own wrapper port: the client's number, or the logical device's on a meter
   * @param peer the other side's
   * @param maxApdu the longest APDU that is taken, in bytes
   */
  public WrapperLink(Socket socket, int own, int peer, int maxApdu) throws IOException {
    this(new TcpLine(socket), own, peer, maxApdu);
  }

  /** The same over any line. */
  public WrapperLink(ByteLine line, int own, int peer, int maxApdu) {
    this.line = line;
    this.reader = new WrapperReader(line, maxApdu);
    this.own = LinkAddress.port(own).lower();
    this.peer = LinkAddress.port(peer).lower();
  }

  /**
   * Connects to a meter.
   *
   * @param client the client's number: 16 the public client, 1 often the management client
   * @param logicalDevice 1 the management logical device
   */
  public static WrapperLink connect(
      InetSocketAddress meter, int client, int logicalDevice, Duration patience)
      throws IOException {
    return new WrapperLink(
        TcpLine.connect(meter, patience), client, logicalDevice, Wrapper.MAX_APDU);
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    line.write(Wrapper.encode(own, peer, apdu));
  }

  @Override
  public byte[] receive(Duration patience) throws IOException, DlmsException {
    return receive(patience, false);
  }

  @Override
  public byte[] receiveOrClose(Duration patience) throws IOException, DlmsException {
    return receive(patience, true);
  }

  private byte[] receive(Duration patience, boolean orClose) throws IOException, DlmsException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("the peer sent no whole APDU in time");
      }
      WrapperReader.Wrapped wrapped =
          orClose
              ? reader.nextOrClose(Duration.ofNanos(left))
              : reader.next(Duration.ofNanos(left));
      // something for another client on the same connection is not ours
      if (wrapped.source() == peer && wrapped.destination() == own && wrapped.apdu().length > 0) {
        return wrapped.apdu();
      }
    }
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
