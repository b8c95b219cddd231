package org.gridwarden.simulator;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.Wrapper;

/** The wrapper over TCP. */
final class TcpLink implements PushLink {
  private static final int CONNECT_MILLIS = 5_000;

  private final InetSocketAddress headEnd;
  private final Optional<InetAddress> source;
  private Optional<Socket> socket = Optional.empty();
  private LinkDecoder decoder = LinkDecoder.wrapper();

  TcpLink(InetSocketAddress headEnd, Optional<InetAddress> source) {
    this.headEnd = headEnd;
    this.source = source;
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    try {
      Socket open = open();
      open.getOutputStream()
          .write(Wrapper.encode(Wrapper.MANAGEMENT_PORT, Wrapper.MANAGEMENT_PORT, apdu));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public byte[] receive(Duration within) throws IOException {
    long end = System.nanoTime() + within.toNanos();
    byte[] chunk = new byte[2_048];
    try {
      while (true) {
        Optional<LinkEvent> event = decoder.next();
        if (event.isPresent()) {
          return switch (event.get()) {
            case LinkEvent.Pdu pdu -> pdu.apdu();
            case LinkEvent.Bad bad -> throw new IOException("a broken frame: " + bad.what());
          };
        }
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new SocketTimeoutException("no answer within " + within.toMillis() + " ms");
        }
        Socket open = open();
        open.setSoTimeout((int) left);
        int read = open.getInputStream().read(chunk);
        if (read < 0) {
          throw new EOFException("the head-end closed the connection");
        }
        decoder.feed(ByteBuffer.wrap(chunk, 0, read));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public void close() {
    try {
      if (socket.isPresent()) {
        socket.get().close();
      }
    } catch (IOException e) {
      // it is gone either way
    }
    socket = Optional.empty();
    decoder = LinkDecoder.wrapper();
  }

  private Socket open() throws IOException {
    if (socket.isPresent()) {
      return socket.get();
    }
    Socket fresh = new Socket();
    try {
      if (source.isPresent()) {
        fresh.bind(new InetSocketAddress(source.get(), 0));
      }
      fresh.setTcpNoDelay(true);
      fresh.connect(headEnd, CONNECT_MILLIS);
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    socket = Optional.of(fresh);
    return fresh;
  }
}
