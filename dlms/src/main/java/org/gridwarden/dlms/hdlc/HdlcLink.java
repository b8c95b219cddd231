package org.gridwarden.dlms.hdlc;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;

/**
 * APDUs over an HDLC connection with a meter (IEC 62056-46): the client is the primary station and
 * polls, the meter answers. Frames that are lost or damaged are sent again, frames that come twice
 * are taken once. What a meter notifies by unnumbered information is received as any other APDU;
 * such frames are not protected against coming twice. One thread at a time.
 */
public final class HdlcLink implements ApduLink {
  private static final int BUFFER = 2048;
  private static final long FIRST_PAUSE = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();

  /** Bytes that keep coming put off a timeout, but not for ever: so many times at most. */
  private static final int MOST_EXTENSIONS = 8;

  private static final long FOR_EVER = Long.MAX_VALUE;

  /** How often a disconnection is asked for. */
  private static final int FAREWELLS = 2;

  private final ByteLine line;
  private final HdlcSettings settings;
  private final LongSupplier clock;
  private final Primary primary;
  private final FrameReader reader = new FrameReader();
  private final byte[] buffer = new byte[BUFFER];

  private long sentAt;
  private long activeAt;
  private int repeated;
  private long pause = FIRST_PAUSE;
  private boolean closed;

  /** When something last went ahead, either way. */
  private long aheadAt;

  /** Whether the meter was given up. */
  private boolean silent;

  private HdlcLink(ByteLine line, Ends ends, HdlcSettings settings, LongSupplier clock) {
    this.line = line;
    this.settings = settings;
    this.clock = clock;
    this.primary = new Primary(ends, settings);
  }

  /**
   * Connects to a meter; where that fails, the line is closed.
   *
   * @param line closed with the link
   * @param client the client's address, of one byte: {@link LinkAddress#hdlc(int)}
   * @param meter the meter's: {@link LinkAddress#hdlc(int)} for one byte, {@link
   *     LinkAddress#hdlc(int, int)} for logical and physical device in two or four, {@code new
   *     LinkAddress(1, 17, 4)} for small numbers in four bytes
   * @throws SocketTimeoutException where the meter does not answer
   * @throws IOException where it opens no connection
   * @throws DlmsException where it breaks the protocol's rules
   */
  public static HdlcLink connect(
      ByteLine line, LinkAddress client, LinkAddress meter, HdlcSettings settings)
      throws IOException, DlmsException {
    return connect(line, client, meter, settings, System::nanoTime);
  }

  /** The same by another clock. */
  static HdlcLink connect(
      ByteLine line,
      LinkAddress client,
      LinkAddress meter,
      HdlcSettings settings,
      LongSupplier clock)
      throws IOException, DlmsException {
    HdlcLink link = new HdlcLink(line, new Ends(meter, client), settings, clock);
    boolean open = false;
    try {
      link.transmit(link.primary.connect());
      link.exchange(() -> link.primary.state() instanceof Primary.State.Connected, Long.MAX_VALUE);
      open = true;
      return link;
    } finally {
      if (!open) {
        line.close();
      }
    }
  }

  /** What was agreed upon with the meter, as seen by the client. */
  public HdlcParameters agreed() {
    return primary.state() instanceof Primary.State.Connected(Transfer _, HdlcParameters agreed)
        ? agreed
        : HdlcParameters.DEFAULT;
  }

  /**
   * Sends an APDU in as many frames as it needs; returns when the last of them is sent. That it
   * arrives is seen to by the next {@link #receive}, {@link #send} or {@link #close}.
   *
   * @throws SocketTimeoutException where the meter does not take it
   */
  @Override
  public void send(byte[] apdu) throws IOException {
    if (apdu.length == 0) {
      throw new IllegalArgumentException("an APDU is not empty");
    }
    try {
      drain();
      check();
      primary.send(apdu);
      begin();
      exchange(() -> !primary.hasUnsent(), FOR_EVER);
    } catch (DlmsException e) {
      throw new IOException("the meter breaks the rules of HDLC: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] receive(Duration patience) throws IOException, DlmsException {
    Optional<byte[]> there = primary.delivered();
    if (there.isPresent()) {
      return there.get();
    }
    begin();
    exchange(primary::hasDelivered, clock.getAsLong() + patience.toNanos());
    return primary.delivered().orElseThrow();
  }

  private void begin() {
    pause = FIRST_PAUSE;
    repeated = 0;
    aheadAt = clock.getAsLong();
  }

  /** Goes on until something is done, which must be before {@code until}. */
  private void exchange(BooleanSupplier done, long until) throws IOException, DlmsException {
    boolean polled = false;
    while (!done.getAsBoolean()) {
      check();
      long now = clock.getAsLong();
      if (until != FOR_EVER && now - until >= 0) {
        throw new SocketTimeoutException("the meter sent no whole APDU in time");
      }
      progress(now);
      // a meter that has nothing yet, or takes nothing, is asked again, but not at once
      boolean pausing = polled && (primary.peerBusy() || !primary.hasOutgoing());
      long due = primary.awaiting() ? due() : pausing ? activeAt + pause : now;
      if (now - due < 0) {
        listen((until == FOR_EVER || due - until < 0 ? due : until) - now);
      } else if (primary.awaiting()) {
        repeat();
      } else {
        pause = pausing ? Math.min(2 * pause, LONGEST_PAUSE) : pause;
        polled = true;
        repeated = 0;
        transmit(primary.turn());
      }
    }
  }

  /** What is sent must be taken: not at once, but nor does a meter keep us busy with nothing. */
  private void progress(long now) throws IOException {
    if (primary.fruitless() == 0 || !primary.hasOutgoing()) {
      aheadAt = now;
      pause = primary.hasOutgoing() ? FIRST_PAUSE : pause;
      return;
    }
    long longest = 2 * settings.response().toNanos() * (settings.retries() + 1L);
    boolean refused = !primary.peerBusy() && primary.fruitless() > 2 * (settings.retries() + 1);
    if (refused || now - aheadAt > longest) {
      silent = true;
      throw new SocketTimeoutException("the meter does not take what it is sent");
    }
  }

  private long due() {
    long response = settings.response().toNanos();
    long extended = activeAt + response;
    long last = sentAt + MOST_EXTENSIONS * response;
    return extended - last < 0 ? extended : last;
  }

  private void repeat() throws IOException {
    if (++repeated > settings.retries()) {
      repeated = 0;
      silent = true;
      throw new SocketTimeoutException(
          "the meter does not answer, asked " + (settings.retries() + 1) + " times");
    }
    transmit(primary.repeat());
  }

  private void transmit(byte[] bytes) throws IOException {
    line.write(bytes);
    sentAt = clock.getAsLong();
    activeAt = sentAt;
  }

  /** Waits so long for bytes, and takes what frames they make. */
  private boolean listen(long nanos) throws IOException {
    boolean partial = reader.isPartial();
    long wait = partial ? Math.min(nanos, settings.interOctet().toNanos()) : nanos;
    int count = line.read(buffer, 0, buffer.length, Duration.ofNanos(Math.max(0, wait)));
    if (count < 0) {
      throw new EOFException("the peer closed the line");
    }
    if (count > 0) {
      activeAt = clock.getAsLong();
      reader.feed(buffer, 0, count);
      take();
    } else if (partial && wait == settings.interOctet().toNanos()) {
      reader.silence();
      take();
      reader.resume();
    }
    return count > 0;
  }

  private void take() {
    Optional<HdlcFrame> frame = reader.next();
    while (frame.isPresent()) {
      primary.hear(frame.get());
      silent = false;
      frame = reader.next();
    }
  }

  /**
   * Takes what lies on the line already. An answer that was late would else be the answer to what
   * is asked next, and each turn would be answered twice from then on.
   */
  private void drain() throws IOException {
    for (int i = 0; i < MOST_EXTENSIONS && listen(0); i++) {
      // listen takes it
    }
  }

  private void check() throws IOException, DlmsException {
    if (closed) {
      throw new EOFException("the link is closed");
    }
    if (primary.state() instanceof Primary.State.Ended(Primary.Why why, String text)) {
      switch (why) {
        case CLOSED -> throw new EOFException(text);
        case REFUSED, REJECTED -> throw new IOException(text);
        case BROKEN -> throw new DlmsException(DlmsException.Kind.MALFORMED, 0, text);
      }
    }
  }

  /**
   * Sees to it that what was sent has arrived, disconnects, and closes the line. That a meter does
   * not answer any more is no failure.
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try (line) {
      if (primary.state() instanceof Primary.State.Connected) {
        farewell();
      }
    } finally {
      closed = true;
    }
  }

  private void farewell() {
    try {
      if (silent) {
        transmit(primary.disconnect()); // should it hear us after all
        return;
      }
      if (primary.hasOutgoing()) {
        begin();
        long until = aheadAt + FAREWELLS * settings.response().toNanos();
        exchange(() -> !primary.hasOutgoing(), until);
      }
      for (int i = 0; i < FAREWELLS; i++) {
        transmit(primary.disconnect());
        long left = due() - clock.getAsLong();
        while (primary.state() instanceof Primary.State.Disconnecting && left > 0) {
          listen(left);
          left = due() - clock.getAsLong();
        }
        if (primary.state() instanceof Primary.State.Ended) {
          return;
        }
      }
    } catch (IOException | DlmsException e) {
      // the connection is over, in whichever way
    }
  }
}
