package org.gridwarden.channel.dlms;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;

/**
 * The office's questions over a meter's own connection, beside its pushes. Answers are told from
 * pushes by their tags (IEC 62056-5-3, clause 9): what a meter sends unasked is a notification, or
 * ciphered in a general way. One thread asks; the connection's own thread hands the answers in.
 */
final class AskedLink implements ApduLink {
  private static final int MOST_WAITING = 16;
  private static final byte[] END = {};

  private final TcpSession session;
  private final int client;
  private final int device;
  private final Runnable closed;
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private int unanswered;
  private boolean open = true;

  /**
   * @param client the office's client number
   * @param device the meter's logical device
   * @param closed told once
   */
  AskedLink(TcpSession session, int client, int device, Runnable closed) {
    this.session = session;
    this.client = client;
    this.device = device;
    this.closed = closed;
  }

  /** Takes an APDU where it is an answer to a question of this link. */
  boolean takes(LinkInfo link, byte[] apdu) {
    boolean mine =
        link.kind() == LinkInfo.Kind.WRAPPER
            && link.source().lower() == device
            && link.destination().lower() == client
            && apdu.length > 0
            && isAnswer(apdu[0] & 0xFF);
    if (mine) {
      if (answers.size() < MOST_WAITING) {
        answers.add(apdu);
      } else {
        session.abort(); // nobody asked for so many
      }
    }
    return mine;
  }

  private static boolean isAnswer(int tag) {
    return switch (tag) {
      case 0x0F,
          0xC2, // data-notification, event-notification
          0xCA,
          0xD2, // the latter ciphered
          0xDB,
          0xDC,
          0xDD,
          0xDF -> // general ciphering and signing
          false;
      default -> true;
    };
  }

  /** The connection has ended. */
  void ended() {
    answers.add(END);
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    unanswered++;
    session.write(Wrapper.encode(client, device, apdu));
  }

  @Override
  public byte[] receive(Duration patience) throws IOException {
    try {
      byte[] answer = answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (answer == null) {
        throw new SocketTimeoutException("the meter did not answer in time");
      }
      if (answer.length == 0) {
        throw new EOFException("the meter closed its connection");
      }
      unanswered--;
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the reading was given up");
    }
  }

  /** The connection stays the meter's; where an answer is still to come it is closed, too. */
  @Override
  public void close() {
    if (open) {
      open = false;
      if (unanswered > 0) {
        session.abort();
      }
      closed.run();
    }
  }
}
