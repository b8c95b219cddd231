package org.gridwarden.channel.dlms;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.gridwarden.core.Deadline;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Wrapper;

/**
 * A link that keeps what goes over it, questions and answers each in a wrapper, as the evidence of
 * a reading; and that ends at a deadline. One thread at a time.
 */
final class RecordingLink implements ApduLink {
  private static final long UNCOUNTED = -1;

  private final ApduLink link;
  private final int client;
  private final int device;
  private final Deadline deadline;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
  private long counter = UNCOUNTED;

  /**
   * @param client the office's client number
   * @param device the logical device that answers
   */
  RecordingLink(ApduLink link, int client, int device, Deadline deadline) {
    this.link = link;
    this.client = client;
    this.device = device;
    this.deadline = deadline;
  }

  /** Forgets what was kept: a reading begins. */
  void begin() {
    kept.reset();
    counter = UNCOUNTED;
  }

  /** What went over since {@link #begin}. */
  byte[] kept() {
    return kept.toByteArray();
  }

  /** The counter of the first answer since then; -1 where it had none. */
  long counter() {
    return counter;
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    if (deadline.left().isNegative()) {
      throw new SocketTimeoutException("the session's time is over");
    }
    kept.writeBytes(Wrapper.encode(client, device, apdu));
    link.send(apdu);
  }

  @Override
  public byte[] receive(Duration patience) throws IOException, DlmsException {
    Duration left = deadline.left();
    if (!left.isPositive()) {
      throw new SocketTimeoutException("the session's time is over");
    }
    byte[] apdu = link.receive(left.compareTo(patience) < 0 ? left : patience);
    kept.writeBytes(Wrapper.encode(device, client, apdu));
    if (counter == UNCOUNTED && Apdus.decode(apdu) instanceof Apdu.Ciphered ciphered) {
      counter = ciphered.invocationCounter();
    }
    return apdu;
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
