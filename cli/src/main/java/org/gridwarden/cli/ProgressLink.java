package org.gridwarden.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.DlmsException;

/**
 * Shows on a terminal how much of a long answer is there: it comes in blocks, one for each question
 * for the next. Elsewhere it shows nothing.
 */
final class ProgressLink implements ApduLink {
  private static final long SHOW_AFTER_NANOS = 1_000_000_000L;
  private static final long EVERY_NANOS = 200_000_000L;

  private final ApduLink link;
  private final PrintWriter err;
  private final boolean terminal;
  private final long begun = System.nanoTime();
  private long bytes;
  private long answers;
  private long shown;

  ProgressLink(ApduLink link, PrintWriter err) {
    this.link = link;
    this.err = err;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    link.send(apdu);
  }

  @Override
  public byte[] receive(Duration patience) throws IOException, DlmsException {
    byte[] apdu = link.receive(patience);
    bytes += apdu.length;
    answers++;
    long now = System.nanoTime();
    if (terminal && now - begun > SHOW_AFTER_NANOS && now - shown > EVERY_NANOS) {
      shown = now;
      err.print("\r\u001b[K" + answers + " answers, " + bytes / 1024 + " KiB so far");
      err.flush();
    }
    return apdu;
  }

  /** Takes the line away, so that what is printed next stands alone. */
  void clear() {
    if (shown != 0) {
      err.print("\r\u001b[K");
      err.flush();
      shown = 0;
    }
  }

  @Override
  public void close() throws IOException {
    clear();
    link.close();
  }
}
