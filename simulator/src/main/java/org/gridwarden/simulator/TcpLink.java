package org.gridwarden.simulator;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;

/**
 * The wrapper over TCP: the meter's pushes and their confirms and, on the same connection, the
 * office's questions, which a thread of the connection answers. What comes ciphered in a general
 * way is a confirm; whatever else comes is a question.
 */
final class TcpLink implements PushLink {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int GENERAL_GLO_CIPHERING = 0xDB;
  private static final int MOST_CONFIRMS = 64;
  private static final int MOST_CLIENTS = 4;
  private static final byte[] END = {};

  private final InetSocketAddress headEnd;
  private final Optional<InetAddress> source;
  private final Supplier<LogicalDevice> device;
  private final Dress dress;
  private Optional<Line> line = Optional.empty();

  /** What is laid over a connection: TLS, or nothing. */
  interface Dress {
    Socket over(Socket connection) throws IOException;
  }

  /**
   * @param device what the office may ask, made when it asks first
   * @param dress what is laid over each connection
   */
  TcpLink(
      InetSocketAddress headEnd,
      Optional<InetAddress> source,
      Supplier<LogicalDevice> device,
      Dress dress) {
    this.dress = dress;
    this.headEnd = headEnd;
    this.source = source;
    this.device = device;
  }

  @Override
  public void connect() throws IOException {
    var unused = open();
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    try {
      open().write(Wrapper.encode(Wrapper.MANAGEMENT_PORT, Wrapper.MANAGEMENT_PORT, apdu));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public byte[] receive(Duration within) throws IOException {
    try {
      byte[] confirm = open().confirms.poll(within.toNanos(), TimeUnit.NANOSECONDS);
      if (confirm == null) {
        throw new SocketTimeoutException("no answer in time");
      }
      if (confirm.length == 0) {
        throw new EOFException("the connection has ended");
      }
      return confirm;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the street closes").initCause(e);
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
    line.ifPresent(Line::close);
    line = Optional.empty();
  }

  private Line open() throws IOException {
    if (line.isPresent() && !line.get().socket.isClosed()) {
      return line.get();
    }
    Socket bare = new Socket();
    Socket fresh;
    try {
      if (source.isPresent()) {
        bare.bind(new InetSocketAddress(source.get(), 0));
      }
      bare.setTcpNoDelay(true);
      bare.connect(headEnd, CONNECT_MILLIS);
      fresh = dress.over(bare);
    } catch (IOException e) {
      bare.close();
      throw e;
    }
    Line opened = new Line(fresh);
    line = Optional.of(opened);
    Thread.ofVirtual().name("street-line").start(opened::read);
    return opened;
  }

  /** One connection. Written by two threads, a whole frame at a time; read by its own. */
  private final class Line {
    private final Socket socket;
    private final ReentrantLock writing = new ReentrantLock();
    private final BlockingQueue<byte[]> confirms = new LinkedBlockingQueue<>();
    private final Map<Integer, MeterAssociation> associations = new HashMap<>();

    Line(Socket socket) {
      this.socket = socket;
    }

    void write(byte[] frame) throws IOException {
      writing.lock();
      try {
        socket.getOutputStream().write(frame);
      } finally {
        writing.unlock();
      }
    }

    void read() {
      try {
        LinkDecoder decoder = LinkDecoder.wrapper();
        byte[] chunk = new byte[2_048];
        for (int n = socket.getInputStream().read(chunk);
            n >= 0;
            n = socket.getInputStream().read(chunk)) {
          decoder.feed(ByteBuffer.wrap(chunk, 0, n));
          for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
            switch (e.get()) {
              case LinkEvent.Pdu(LinkInfo link, byte[] apdu, long _) -> take(link, apdu);
              case LinkEvent.Bad bad -> throw new IOException("a broken frame: " + bad.what());
            }
          }
        }
      } catch (IOException e) {
        // the head-end closed it, or speaks no DLMS
      } finally {
        close();
        confirms.add(END);
      }
    }

    private void take(LinkInfo link, byte[] apdu) throws IOException {
      if (apdu.length > 0 && (apdu[0] & 0xFF) == GENERAL_GLO_CIPHERING) {
        if (confirms.size() >= MOST_CONFIRMS) {
          throw new IOException("the head-end confirms what was not sent");
        }
        confirms.add(apdu);
        return;
      }
      int client = link.source().lower();
      if (link.destination().lower() != Wrapper.MANAGEMENT_PORT
          || !associations.containsKey(client) && associations.size() >= MOST_CLIENTS) {
        throw new IOException("the head-end asks for too much");
      }
      MeterAssociation association =
          associations.computeIfAbsent(client, c -> new MeterAssociation(device.get(), c));
      for (byte[] answer : association.answer(apdu)) {
        write(Wrapper.encode(Wrapper.MANAGEMENT_PORT, client, answer));
      }
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone either way
      }
    }
  }
}
