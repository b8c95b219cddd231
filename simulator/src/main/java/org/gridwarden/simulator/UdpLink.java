package org.gridwarden.simulator;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.Wrapper;

/** The wrapper over UDP: sent, and nothing heard of it. */
final class UdpLink implements PushLink {
  private final InetSocketAddress headEnd;
  private final Optional<InetAddress> source;

  UdpLink(InetSocketAddress headEnd, Optional<InetAddress> source) {
    this.headEnd = headEnd;
    this.source = source;
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    byte[] frame = Wrapper.encode(Wrapper.MANAGEMENT_PORT, Wrapper.MANAGEMENT_PORT, apdu);
    InetSocketAddress from =
        source.map(s -> new InetSocketAddress(s, 0)).orElseGet(() -> new InetSocketAddress(0));
    try (DatagramSocket socket = new DatagramSocket(from)) {
      socket.send(new DatagramPacket(frame, frame.length, headEnd));
    }
  }

  @Override
  public byte[] receive(Duration within) throws IOException {
    throw new SocketTimeoutException("nothing is confirmed over UDP");
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void close() {}
}
