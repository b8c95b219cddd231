package org.gridwarden.dlms;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** APDUs in the wrapper over a TCP connection (IEC 62056-47). One thread at a time. */
public final class WrapperLink implements ApduLink {
  // an answer comes with one call to the system, its header included, where it has come whole
  private static final int BUFFER = 2_560;

  private final Socket socket;
  private final InputStream in;
  private final int own;
  private final int peer;
  private final int maxApdu;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  /**
   * Over a connection that is there.
   *
   * @param socket closed with this
   * @param own the own wrapper port: the client's number, or the logical device's on a meter
   * @param peer the other side's
   * @param maxApdu the longest APDU that is taken, in bytes
   */
  public WrapperLink(Socket socket, int own, int peer, int maxApdu) throws IOException {
    Ranges.check(maxApdu, 1, Wrapper.MAX_APDU, "greatest APDU");
    this.socket = socket;
    this.in = socket.getInputStream();
    this.own = LinkAddress.port(own).lower();
    this.peer = LinkAddress.port(peer).lower();
    this.maxApdu = maxApdu;
    socket.setTcpNoDelay(true);
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
    Socket socket = new Socket();
    try {
      socket.connect(meter, Math.toIntExact(patience.toMillis()));
      return new WrapperLink(socket, client, logicalDevice, Wrapper.MAX_APDU);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    socket.getOutputStream().write(Wrapper.encode(own, peer, apdu));
  }

  @Override
  public byte[] receive(Duration patience) throws IOException, DlmsException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      while (to - from < Wrapper.HEADER) {
        fill(until);
      }
      int version = word(0);
      int source = word(2);
      int destination = word(4);
      int length = word(6);
      if (version != 1) {
        throw DlmsException.malformed(0, "the peer sends no wrapper: version " + version);
      }
      if (length > maxApdu) {
        throw DlmsException.malformed(
            6, "an APDU of " + length + " bytes comes, and " + maxApdu + " are allowed");
      }
      from += Wrapper.HEADER;
      byte[] apdu = take(length, until);
      // something for another client on the same connection is not ours
      if (source == peer && destination == own && length > 0) {
        return apdu;
      }
    }
  }

  /** Reads what is there behind what is not yet taken, which is less than a header. */
  private void fill(long until) throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    to += read(buffer, to, buffer.length - to, until);
  }

  private byte[] take(int length, long until) throws IOException {
    byte[] apdu = new byte[length];
    int at = Math.min(length, to - from);
    System.arraycopy(buffer, from, apdu, 0, at);
    from += at;
    while (at < length) {
      at += read(apdu, at, length - at, until);
    }
    return apdu;
  }

  private int read(byte[] into, int at, int length, long until) throws IOException {
    long left = (until - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the peer sent no whole APDU in time");
    }
    socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    int count = in.read(into, at, length);
    if (count < 0) {
      throw new EOFException("the peer closed the connection");
    }
    return count;
  }

  private int word(int at) {
    return (buffer[from + at] & 0xFF) << 8 | buffer[from + at + 1] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
