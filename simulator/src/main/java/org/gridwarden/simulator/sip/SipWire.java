package org.gridwarden.simulator.sip;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** What carries a meter's messages of SIP. One thread receives; any may send. */
public interface SipWire extends AutoCloseable {
  /** UDP, TCP or TLS. */
  String transport();

  /** Where the other end can reach it. */
  InetSocketAddress local();

  /** Sends one. */
  void send(byte[] message) throws IOException;

  /** The next one that comes. */
  SipPacket receive() throws IOException;

  @Override
  void close();

  /**
   * Datagrams.
   *
   * @param to the office, or a proxy before it
   * @param from by which address; empty for any
   */
  static SipWire udp(InetSocketAddress to, Optional<InetAddress> from) throws IOException {
    DatagramSocket socket =
        new DatagramSocket(from.map(f -> new InetSocketAddress(f, 0)).orElse(null));
    socket.connect(to);
    return new Udp(socket, to, new byte[65_535]);
  }

  /** A connection, under TLS or not, which the wire closes. */
  static SipWire of(Socket connected) throws IOException {
    connected.setTcpNoDelay(true);
    return new Tcp(connected, new BufferedInputStream(connected.getInputStream()));
  }

  /** Datagrams from and to one address. */
  @SuppressWarnings("ArrayRecordComponent") // the receiving thread's alone
  record Udp(DatagramSocket socket, InetSocketAddress to, byte[] buffer) implements SipWire {
    @Override
    public String transport() {
      return "UDP";
    }

    @Override
    public InetSocketAddress local() {
      return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    @Override
    public void send(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length, to));
    }

    @Override
    public SipPacket receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      while (true) {
        try {
          socket.receive(packet);
          return SipPacket.of(buffer, packet.getLength());
        } catch (java.net.PortUnreachableException e) {
          // nobody is there now; somebody may come
        }
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** A connection. */
  record Tcp(Socket socket, InputStream in) implements SipWire {
    @Override
    public String transport() {
      return socket instanceof SSLSocket ? "TLS" : "TCP";
    }

    @Override
    public InetSocketAddress local() {
      return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    @Override
    public void send(byte[] message) throws IOException {
      synchronized (socket) {
        socket.getOutputStream().write(message);
      }
    }

    @Override
    public SipPacket receive() throws IOException {
      return SipPacket.read(in);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone either way
      }
    }
  }
}
