package org.gridwarden.channel.sip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.simulator.sip.SipPacket;
import org.gridwarden.simulator.sip.SipWire;

/** Bytes as no library would write them, and what comes back. */
final class Raw implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SipWire wire;
  private final LinkedBlockingQueue<Optional<SipPacket>> came = new LinkedBlockingQueue<>();

  Raw(SipWire wire) {
    this.wire = wire;
    Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    try {
      while (true) {
        came.add(Optional.of(wire.receive()));
      }
    } catch (IOException e) {
      came.add(Optional.empty()); // it has ended
    }
  }

  void send(byte[] bytes) {
    try {
      wire.send(bytes);
    } catch (IOException e) {
      // the office has hung up
    }
  }

  /** Lines of text, each with its CRLF. */
  void send(String lines) {
    send(bytes(lines));
  }

  static byte[] bytes(String lines) {
    return lines.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What comes next; empty where the connection ends. */
  Optional<SipPacket> next() throws InterruptedException {
    Optional<SipPacket> next = came.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new IllegalStateException("nothing came");
    }
    return next;
  }

  SipPacket answer() throws InterruptedException {
    return next().orElseThrow(() -> new IllegalStateException("the connection has ended"));
  }

  /** An OPTIONS of its own call. */
  static String probe(int number) {
    return """
    OPTIONS sip:office SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKprobe%1$d;rport
    Max-Forwards: 70
    From: <sip:probe@192.0.2.1>;tag=p
    To: <sip:office>
    Call-ID: probe-%1$d
    CSeq: 1 OPTIONS
    Content-Length: 0

    """
        .formatted(number);
  }

  @Override
  public void close() {
    wire.close();
  }
}
