package org.gridwarden.simulator.zigbee.meter;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.WrappedAnswers;
import org.jspecify.annotations.Nullable;

/**
 * The meter's end of a tunnel whose protocol is DLMS/COSEM (cluster 0x0704, protocol 0): a line of
 * bytes in pieces, on which the wrapper's length tells where an APDU ends. A piece that is told
 * twice has its number twice, the cluster library's, and counts once. One tunnel; a new one takes
 * its place. On the model's thread only.
 */
public final class DlmsTunnel {
  private static final int PROTOCOL = 0;

  /** Its tunnels' numbers, apart from those of secured messages. */
  private static final int FIRST = 0x8000;

  private static final int LAST = 0xFFFE;
  private static final int PIECE = 64;
  private static final int ATTEMPTS = 3;

  private final Map<Integer, LogicalDevice> devices;
  private final Line line;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private Optional<WrappedAnswers> answers = Optional.empty();
  private int tunnel = FIRST - 1;
  private int lastHeard = -1;
  private int sequence;
  private byte @Nullable [] sending;

  /** How it sends. */
  interface Line {
    /**
     * @param sequence the frame's number; the same where it goes once more
     */
    void up(int sequence, byte[] transfer, Consumer<Boolean> told);
  }

  /**
   * @param devices whom it serves, by wrapper port
   */
  DlmsTunnel(Map<Integer, LogicalDevice> devices, Line line) {
    this.devices = Map.copyOf(devices);
    this.line = line;
  }

  /** Whether a command of the tunnels' client is this one's. */
  boolean takes(Zcl zcl) {
    byte[] payload = zcl.payload();
    return zcl.command() == Tunnel.REQUEST
        ? payload.length == 6 && payload[0] == PROTOCOL
        : payload.length >= 2 && Zcl.number(payload, 0, 2) >= FIRST;
  }

  /** Takes a command; gives what is to be answered at once. */
  Optional<Zcl> take(Zcl zcl) {
    byte[] payload = zcl.payload();
    if (zcl.command() == Tunnel.REQUEST) {
      tunnel = tunnel == LAST ? FIRST : tunnel + 1;
      forget();
      answers = Optional.of(new WrappedAnswers(devices));
      byte[] opened = new Zcl.Out().number(2, tunnel).number(1, 0).number(2, PIECE + 2).done();
      return Optional.of(new Zcl(true, true, zcl.sequence(), 0x00, opened));
    }
    if (Zcl.number(payload, 0, 2) != tunnel || answers.isEmpty()) {
      return Optional.empty();
    }
    if (zcl.command() == Tunnel.CLOSE) {
      forget();
    } else if (zcl.command() == Tunnel.TRANSFER_DOWN && zcl.sequence() != lastHeard) {
      lastHeard = zcl.sequence();
      heard(Arrays.copyOfRange(payload, 2, payload.length), answers.get());
    }
    return Optional.empty();
  }

  private void forget() {
    answers = Optional.empty();
    waiting.clear();
    sending = null;
    lastHeard = -1;
  }

  private void heard(byte[] piece, WrappedAnswers by) {
    try {
      byte[] answer = by.take(piece);
      for (int at = 0; at < answer.length; at += PIECE) {
        waiting.add(Arrays.copyOfRange(answer, at, Math.min(answer.length, at + PIECE)));
      }
      proceed();
    } catch (DlmsException e) {
      forget(); // the client finds the tunnel silent, and opens another one
    }
  }

  private void proceed() {
    if (sending == null && !waiting.isEmpty()) {
      byte[] piece = new Zcl.Out().number(2, tunnel).bytes(waiting.remove()).done();
      sending = piece;
      sequence = sequence + 1 & 0xFF;
      attempt(piece, sequence, 1);
    }
  }

  @SuppressWarnings("ArrayEquals") // that very one
  private void attempt(byte[] piece, int number, int attempts) {
    line.up(
        number,
        piece,
        told -> {
          if (sending != piece) {
            return; // another tunnel has taken its place
          }
          if (told) {
            sending = null;
            proceed();
          } else if (attempts < ATTEMPTS) {
            attempt(piece, number, attempts + 1);
          } else {
            forget();
          }
        });
  }
}
