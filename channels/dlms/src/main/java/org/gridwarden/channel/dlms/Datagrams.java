package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;

/**
 * What becomes of datagrams, whichever way they came: each holds whole APDUs, and confirms go back
 * to where it came from. Only so many wait for their commit at once. Thread-safe.
 */
final class Datagrams {
  private static final int IN_FLIGHT = 1024;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DlmsSettings.Link link;
  private final int maxApdu;
  private final PushHandler handler;
  private final Tally tally;
  private final Semaphore allowance = new Semaphore(IN_FLIGHT);

  Datagrams(DlmsSettings.Link link, int maxApdu, PushHandler handler, Tally tally) {
    this.link = link;
    this.maxApdu = maxApdu;
    this.handler = handler;
    this.tally = tally;
  }

  /** The way back. */
  interface Back {
    void send(byte[] datagram) throws IOException;
  }

  /**
   * Takes a datagram; waits while too many are under way.
   *
   * @param from for people
   * @param shown who sends it, where the transport says so
   */
  void take(byte[] datagram, String from, Optional<TransportPeer> shown, Back back)
      throws InterruptedException {
    allowance.acquire();
    start(datagram, new Source(from, shown, back));
  }

  /** The same, which does not wait: false where too many are under way. */
  boolean offer(byte[] datagram, String from, Optional<TransportPeer> shown, Back back) {
    if (!allowance.tryAcquire()) {
      return false;
    }
    start(datagram, new Source(from, shown, back));
    return true;
  }

  /** Waits for what is under way; whoever closes takes no more before. */
  void drain(String name) {
    try {
      if (!allowance.tryAcquire(IN_FLIGHT, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        tally.fault(Tally.What.FAILED, name, "closed with pushes unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(byte[] datagram, Source source) {
    Thread.ofVirtual().name("dlms-datagram").start(() -> read(datagram, source));
  }

  private void read(byte[] datagram, Source source) {
    try {
      LinkDecoder decoder = link.decoder(maxApdu);
      decoder.feed(ByteBuffer.wrap(datagram));
      decoder.finish();
      handler.takeAll(decoder, Optional.empty(), source);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, source.name(), "a datagram was dropped: " + e);
    } finally {
      allowance.release();
    }
  }

  /** Where a datagram came from. */
  private final class Source implements Peer {
    private final String from;
    private final Optional<TransportPeer> shown;
    private final Back back;

    Source(String from, Optional<TransportPeer> shown, Back back) {
      this.from = from;
      this.shown = shown;
      this.back = back;
    }

    @Override
    public String name() {
      return from;
    }

    @Override
    public Optional<TransportPeer> shown() {
      return shown;
    }

    @Override
    public boolean proven(MeterId meter, LinkInfo link) {
      return true;
    }

    @Override
    public void begin() throws InterruptedException {
      allowance.acquire();
    }

    @Override
    public void end() {
      allowance.release();
    }

    @Override
    public boolean answers(LinkInfo link) {
      return true;
    }

    @Override
    public void reply(LinkInfo link, byte[] apdu) {
      byte[] framed =
          link.kind() == LinkInfo.Kind.WRAPPER
              ? Wrapper.encode(link.destination().lower(), link.source().lower(), apdu)
              : apdu;
      try {
        back.send(framed);
      } catch (IOException e) {
        tally.fault(Tally.What.FAILED, name(), "a confirm was not sent: " + e.getMessage());
      }
    }
  }
}
