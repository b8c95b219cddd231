package org.gridwarden.dlms.capture;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;

/**
 * The two sides of one way for APDUs, and who of them is the client; the conversations on it, one
 * for each pair of link addresses. Not thread-safe.
 */
final class Sides implements AutoCloseable {
  private static final int MOST_CONVERSATIONS = 256;

  private final CaptureSettings settings;
  private final boolean captured;
  private final Map<Pair, Conversation> conversations = new HashMap<>();

  /** Whether side 0 sends to a meter: guessed, until a message says it. */
  private boolean firstIsClient;

  private boolean certain;

  /** Two link addresses, whoever of them sends. */
  private record Pair(LinkInfo.Kind kind, LinkAddress one, LinkAddress other) {
    static Pair of(LinkInfo link) {
      boolean turn = order(link.source()) > order(link.destination());
      return turn
          ? new Pair(link.kind(), link.destination(), link.source())
          : new Pair(link.kind(), link.source(), link.destination());
    }

    private static long order(LinkAddress a) {
      return (long) a.upper() << 16 | a.lower();
    }
  }

  /**
   * @param captured whether they are of a capture or a log, not of bytes alone
   * @param firstIsClient the guess
   */
  Sides(CaptureSettings settings, boolean captured, boolean firstIsClient) {
    this.settings = settings;
    this.captured = captured;
    this.firstIsClient = firstIsClient;
  }

  /** Takes an APDU that a side sent: 0, 1, or -1 where that is not known. */
  void take(
      LinkEvent.Pdu pdu,
      int side,
      String time,
      String path,
      String place,
      Consumer<CaptureEvent> to) {
    Direction said = Direction.of(pdu.apdu()[0] & 0xFF);
    if (side >= 0 && said != Direction.UNKNOWN && !certain) {
      certain = true;
      firstIsClient = (said == Direction.TO_METER) == (side == 0);
    }
    Direction way =
        side < 0
            ? Direction.UNKNOWN
            : firstIsClient == (side == 0) ? Direction.TO_METER : Direction.FROM_METER;
    Pair pair = Pair.of(pdu.link());
    if (conversations.size() >= MOST_CONVERSATIONS && !conversations.containsKey(pair)) {
      close(); // nobody has so many: what was learned is learned anew
    }
    conversations
        .computeIfAbsent(pair, p -> new Conversation(settings, captured))
        .take(new Conversation.Came(pdu, way, time, path, place), to);
  }

  @Override
  public void close() {
    conversations.values().forEach(Conversation::close);
    conversations.clear();
  }
}
