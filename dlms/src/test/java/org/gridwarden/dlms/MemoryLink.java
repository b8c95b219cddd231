package org.gridwarden.dlms;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A link to a peer in this process: what is sent is answered at once, and where nothing comes any
 * more, patience is over at once. What passes can be seen, and lost.
 */
final class MemoryLink implements ApduLink {
  final List<byte[]> sent = new ArrayList<>();
  final List<byte[]> received = new ArrayList<>();
  final Deque<byte[]> coming = new ArrayDeque<>();
  boolean closed;
  private final Function<byte[], List<byte[]>> peer;
  private Predicate<byte[]> lost = _ -> false;

  MemoryLink(Function<byte[], List<byte[]>> peer) {
    this.peer = peer;
  }

  /** From now on what this says is lost, either way. */
  MemoryLink losing(Predicate<byte[]> what) {
    lost = what;
    return this;
  }

  @Override
  public void send(byte[] apdu) {
    sent.add(apdu);
    if (!lost.test(apdu)) {
      for (byte[] answer : peer.apply(apdu)) {
        if (!lost.test(answer)) {
          coming.add(answer);
        }
      }
    }
  }

  @Override
  public byte[] receive(Duration patience) throws SocketTimeoutException {
    byte[] next = coming.poll();
    if (next == null) {
      throw new SocketTimeoutException("nothing came");
    }
    received.add(next);
    return next;
  }

  /** The tags of what was sent, plain. */
  List<Integer> tagsSent() {
    return sent.stream().map(apdu -> apdu[0] & 0xFF).toList();
  }

  @Override
  public void close() {
    closed = true;
  }
}
