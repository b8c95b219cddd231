package org.gridwarden.dlms;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a stream of bytes, in whatever pieces it comes, into APDUs: finds frames, checks them,
 * strips link headers and LLC, joins segments and general block transfers, and goes on behind noise
 * and damaged frames, which it reports. Give it bytes with {@link #feed}, then take what {@link
 * #next} has until it is empty; call {@link #finish} at the end of the input or where a line falls
 * silent.
 *
 * <p>Holds no more than what was fed and not yet taken, one unfinished APDU for the segments and
 * one for the transfers; nothing is allocated for a length that a frame merely claims. The work is
 * linear in the bytes fed. Not thread-safe.
 */
public final class LinkDecoder {
  /** The greatest APDU that is taken unless another limit is given: 64 KiB. */
  public static final int DEFAULT_MAX_APDU = 64 * 1024;

  private static final int KEPT = 4 * 1024;
  private static final byte[] EMPTY = {};

  private final Set<LinkInfo.Kind> kinds;
  private final boolean mixed;
  private final int maxApdu;
  private final RawApdus raw = new RawApdus();
  private final Found.Frame atHead = new Found.Frame();
  private final Found.Frame ahead = new Found.Frame();
  private final ArrayDeque<LinkEvent> ready = new ArrayDeque<>(2);
  private final Joins joins;

  private byte[] buf = EMPTY;
  private int head;
  private int tail;

  /** The stream's offset of {@code buf[0]}. */
  private long base;

  /**
   * Stream offsets: raw APDUs are sought, and frames ahead of a doubtful one, only from here on.
   */
  private long rawFrom;

  private long aheadFrom;

  /** Until this offset, a fault lies within a frame that was reported already. */
  private long quietUntil;

  private boolean noisy;

  /** Whether the last thing was a good frame, and whether that was one without a check sequence. */
  private boolean synchronised;

  private boolean unchecked;
  private boolean ending;

  private LinkDecoder(Set<LinkInfo.Kind> kinds, int maxApdu) {
    if (maxApdu < 1) {
      throw new IllegalArgumentException("the greatest APDU has at least 1 byte, not " + maxApdu);
    }
    this.kinds = kinds;
    this.mixed = kinds.size() > 1;
    this.maxApdu = maxApdu;
    this.joins = new Joins(maxApdu, ready);
  }

  /** HDLC frames. */
  public static LinkDecoder hdlc() {
    return of(LinkInfo.Kind.HDLC, DEFAULT_MAX_APDU);
  }

  /** Wrapper headers, as over TCP and in UDP datagrams. */
  public static LinkDecoder wrapper() {
    return of(LinkInfo.Kind.WRAPPER, DEFAULT_MAX_APDU);
  }

  /** Wired M-Bus long frames. */
  public static LinkDecoder mbus() {
    return of(LinkInfo.Kind.MBUS, DEFAULT_MAX_APDU);
  }

  /** Whatever comes, mixed as it likes: every framing, and APDUs without one. */
  public static LinkDecoder auto() {
    return auto(DEFAULT_MAX_APDU);
  }

  /** Every framing, and no APDU without one: in a stream that may carry anything else as well. */
  public static LinkDecoder framed() {
    return new LinkDecoder(EnumSet.complementOf(EnumSet.of(LinkInfo.Kind.RAW)), DEFAULT_MAX_APDU);
  }

  /**
   * As {@link #auto()}.
   *
   * @param maxApdu the greatest APDU that is taken, in bytes
   */
  public static LinkDecoder auto(int maxApdu) {
    return new LinkDecoder(EnumSet.allOf(LinkInfo.Kind.class), maxApdu);
  }

  /**
   * One framing only.
   *
   * @param maxApdu the greatest APDU that is taken, in bytes
   */
  public static LinkDecoder of(LinkInfo.Kind kind, int maxApdu) {
    return new LinkDecoder(EnumSet.of(kind), maxApdu);
  }

  /** Takes all that remains in {@code in}. */
  public void feed(ByteBuffer in) {
    int length = in.remaining();
    if (head > 0) {
      System.arraycopy(buf, head, buf, 0, tail - head);
      base += head;
      tail -= head;
      head = 0;
    }
    if (length > buf.length - tail) {
      buf = Arrays.copyOf(buf, Math.max(tail + length, Math.min(buf.length * 2, 2 * maxApdu)));
    }
    in.get(buf, tail, length);
    tail += length;
  }

  /** What was found next; empty where more bytes are needed. */
  public Optional<LinkEvent> next() {
    while (ready.isEmpty()) {
      if (!step()) {
        release();
        return Optional.empty();
      }
    }
    return Optional.of(ready.remove());
  }

  /**
   * The input has ended, or the line has fallen silent: what is unfinished is given up. Events that
   * come of it are had from {@link #next}; afterwards a new stretch of bytes may be fed.
   */
  public void finish() {
    ending = true;
    while (step()) {
      // each step leaves its events in ready
    }
    ending = false;
    joins.abandon();
    synchronised = false;
    noisy = false;
    release();
  }

  /** Whether nothing waits: no byte, no segment, no event. */
  public boolean isIdle() {
    return head == tail && ready.isEmpty() && joins.isIdle();
  }

  /** Whether no frame is half there; segments may be. */
  public boolean isBetweenFrames() {
    return head == tail;
  }

  private void release() {
    if (head == tail) {
      base += head;
      head = 0;
      tail = 0;
      if (buf.length > KEPT) {
        buf = EMPTY;
      }
    }
  }

  /** Looks at the head of the buffer; false where nothing can be told of it yet. */
  private boolean step() {
    if (head == tail) {
      return false;
    }
    switch (scan(head, atHead)) {
      case Found.Frame frame when weak(frame) -> {
        Found within = checkedFrame(head + frame.length());
        if (within instanceof Found.More && !ending) {
          return false;
        }
        if (within instanceof Found.Frame) {
          noise();
        } else {
          take(frame);
        }
      }
      case Found.Frame frame -> take(frame);
      case Found.Idle idle -> head += idle.length();
      case Found.Damaged damaged -> damaged(damaged);
      case Found.Nothing _ -> noise();
      case Found.More _ -> {
        return incomplete();
      }
    }
    return true;
  }

  private void take(Found.Frame frame) {
    joins.take(frame, buf, base + head);
    // what looks like a bare APDU amid noise does not vouch for the next one
    boolean trusted = base + head == 0 || synchronised && unchecked;
    unchecked =
        frame.link().kind() == LinkInfo.Kind.WRAPPER
            || frame.link().kind() == LinkInfo.Kind.RAW && trusted;
    head += frame.length();
    synchronised = true;
    noisy = false;
  }

  private void damaged(Found.Damaged damaged) {
    report(base + head, damaged.what(), damaged.extent());
    head += Math.min(damaged.skip(), tail - head);
    synchronised = false;
    noisy = false;
  }

  private void noise() {
    if ((buf[head] & 0xFF) != 0x7E || !synchronised) {
      if (!noisy) {
        report(base + head, "no frame begins here", 1);
      }
      noisy = true;
      synchronised = false;
    }
    head++;
  }

  private void report(long offset, String what, int extent) {
    if (offset >= quietUntil) {
      joins.abandonSegments("a segment was lost");
      ready.add(new LinkEvent.Bad(offset, what));
    }
    quietUntil = Math.max(quietUntil, offset + extent);
  }

  /** The head may become a frame; but must it be waited for? True where it was given up. */
  private boolean incomplete() {
    if (ending) {
      boolean flag = buf[head] == 0x7E && tail - head == 1;
      if (flag) {
        head++;
      } else {
        rawFrom = Math.max(rawFrom, base + raw.reached());
        damaged(new Found.Damaged("the input ends within a frame", tail - head, 1));
      }
      return true;
    }
    boolean doubtful = doubtful() && buf[head] != 0x7E && buf[head] != 0x68;
    boolean first = base + head == 0 && buf[head] == 0; // a wrapper at a stream's beginning
    if (doubtful && !first && checkedFrame(tail) instanceof Found.Frame) {
      noise();
      return true;
    }
    return false;
  }

  /** Whether a beginning without a check sequence may as well be noise. */
  private boolean doubtful() {
    return mixed && !(synchronised && unchecked);
  }

  private boolean weak(Found.Frame frame) {
    // at a stream's beginning, data walked over to its end stands by itself: it may hold a telegram
    boolean strong = raw.walked() && base + head == 0;
    return doubtful() && frame.link().kind() == LinkInfo.Kind.RAW && !strong;
  }

  /**
   * The first frame with a check sequence, or what may become one, behind the head and before
   * {@code limit}: where there is one, a doubtful beginning at the head was noise. Each byte is
   * looked at once.
   */
  private Found checkedFrame(int limit) {
    int at = (int) Math.max(aheadFrom - base, head + 1L);
    Found here = Found.NOTHING;
    while (at < limit) {
      here = buf[at] == 0x7E || buf[at] == 0x68 ? scan(at, ahead) : Found.NOTHING;
      if (here instanceof Found.Frame || here instanceof Found.More) {
        break;
      }
      at += here instanceof Found.Damaged damaged ? damaged.skip() : 1;
      here = Found.NOTHING;
    }
    aheadFrom = Math.max(aheadFrom, base + at);
    return here;
  }

  private Found scan(int at, Found.Frame out) {
    Found found = Found.NOTHING;
    if (buf[at] == 0x7E && kinds.contains(LinkInfo.Kind.HDLC)) {
      found = HdlcFrames.scan(buf, at, tail, out);
    } else if (buf[at] == 0x68 && kinds.contains(LinkInfo.Kind.MBUS)) {
      found = MBusFrames.scan(buf, at, tail, out);
    } else if (buf[at] == 0x00 && kinds.contains(LinkInfo.Kind.WRAPPER)) {
      found = Wrapper.scan(buf, at, tail, maxApdu, mixed || !synchronised && base + at > 0, out);
    } else if (kinds.contains(LinkInfo.Kind.RAW) && base + at >= rawFrom) {
      found = raw.scan(buf, at, tail, maxApdu, base + at == 0, ending, out);
      if (found instanceof Found.Nothing) {
        rawFrom = base + raw.reached();
      }
    }
    return found;
  }
}
