package org.gridwarden.bench.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes captured packets apart, layer by layer: IP headers, TCP and UDP headers with what TCP sent
 * again, what TLS, DTLS or OSCORE lay around it, and what the application protocol has for itself.
 * One thread.
 *
 * <p>TLS is known by its records; of what it carries after the handshake 5 bytes a record are its
 * header and 17 the true type and the tag (RFC 8446, 5.2). DTLS 1.2 has a header of 13 bytes, more
 * with a connection id, 8 of nonce and 16 of tag (RFC 6347, 5288). OSCORE is known by its option in
 * CoAP; it takes that and a tag of 8 bytes (RFC 8613, 5 and 8).
 */
public final class Layers {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;
  private static final int TLS_HEADER = 5;
  private static final int TLS_AROUND = 17;
  private static final int DTLS_HEADER = 13;
  private static final int DTLS_AROUND = 24;
  private static final int APPLICATION_DATA = 23;
  private static final int WITH_CONNECTION_ID = 25;

  private final Map<Flow, Stream> streams = new HashMap<>();
  private long packets;
  private long up;
  private long down;
  private long internet;
  private long transport;
  private long again;
  private long security;
  private long application;
  private Heads retiredUp = new Heads(0, 0);
  private Heads retiredDown = new Heads(0, 0);

  /** One direction between two ports. */
  record Flow(long source, long target, int protocol) {}

  /**
   * What was found, in bytes.
   *
   * @param packets how many
   * @param up all bytes from the meters
   * @param down all bytes to them
   * @param internet IP headers
   * @param transport headers of TCP and UDP
   * @param again what TCP sent again
   * @param security what TLS, DTLS and OSCORE add
   * @param application the application protocol with what it carries
   * @param upHeads the heads of WebSocket frames from the meters, part of {@code application}
   * @param downHeads the same to them
   */
  public record Sum(
      long packets,
      long up,
      long down,
      long internet,
      long transport,
      long again,
      long security,
      long application,
      Heads upHeads,
      Heads downHeads) {
    /** All bytes. */
    public long all() {
      return up + down;
    }

    /** What came since an earlier state. */
    public Sum since(Sum before) {
      return new Sum(
          packets - before.packets,
          up - before.up,
          down - before.down,
          internet - before.internet,
          transport - before.transport,
          again - before.again,
          security - before.security,
          application - before.application,
          upHeads.since(before.upHeads),
          downHeads.since(before.downHeads));
    }
  }

  /** How many frames, and how many bytes their heads have, masks included. */
  public record Heads(long frames, long bytes) {
    private Heads since(Heads before) {
      return new Heads(frames - before.frames, bytes - before.bytes);
    }
  }

  /** The state of a TCP stream. */
  private static final class Stream {
    private final boolean up;
    private final FrameHeads heads = new FrameHeads();
    private boolean begun;
    private boolean known;
    private boolean tls;
    private boolean text;
    private long next;
    private int recordLeft;
    private final byte[] header = new byte[TLS_HEADER];
    private int headerLength;

    Stream(boolean up) {
      this.up = up;
    }
  }

  /** Takes a capture apart, from its connections' beginnings on. */
  public Layers addAll(List<Packet> capture) {
    capture.forEach(packet -> add(packet.bytes(), packet.up()));
    return this;
  }

  /** Takes the next packet. */
  public void add(byte[] packet, boolean isUp) {
    if (packet.length < 20 || packet[0] >>> 4 != 4) {
      return;
    }
    int length = Math.min(packet.length, number(packet, 2));
    int header = (packet[0] & 0xF) * 4;
    int protocol = packet[9] & 0xFF;
    packets++;
    if (isUp) {
      up += length;
    } else {
      down += length;
    }
    if (header < 20 || header > length) {
      internet += length;
      return;
    }
    internet += header;
    boolean fragment = (number(packet, 6) & 0x1FFF) != 0;
    if (fragment || length - header < UDP_HEADER) {
      transport += length - header;
    } else if (protocol == TCP && length - header >= 20) {
      tcp(packet, header, length, isUp);
    } else if (protocol == UDP) {
      transport += UDP_HEADER;
      datagram(packet, header + UDP_HEADER, length);
    } else {
      transport += length - header;
    }
  }

  private void tcp(byte[] packet, int start, int length, boolean isUp) {
    int header = (packet[start + 12] >>> 4 & 0xF) * 4;
    if (header < 20 || start + header > length) {
      transport += length - start;
      return;
    }
    transport += header;
    Flow flow =
        new Flow(
            address(packet, 12) << 16 | number(packet, start),
            address(packet, 16) << 16 | number(packet, start + 2),
            TCP);
    long sequence = address(packet, start + 4);
    boolean syn = (packet[start + 13] & 2) != 0;
    if (syn) {
      Stream fresh = new Stream(isUp);
      fresh.next = sequence + 1 & 0xFFFF_FFFFL;
      fresh.begun = true;
      Stream before = streams.put(flow, fresh);
      if (before != null) {
        retire(before);
        if (before.begun && before.next == fresh.next) {
          return; // the same SYN again
        }
      }
    }
    int payload = length - start - header;
    if (payload == 0) {
      return;
    }
    Stream stream = streams.computeIfAbsent(flow, f -> new Stream(isUp));
    if (!stream.begun) {
      stream.begun = true;
      stream.next = sequence;
    }
    int old = Math.clamp((int) (stream.next - sequence), 0, payload);
    again += old;
    if (old < payload) {
      stream.next = sequence + payload & 0xFFFF_FFFFL;
      take(stream, packet, start + header + old, length);
    }
  }

  /** The next bytes of a stream. */
  private void take(Stream stream, byte[] bytes, int from, int to) {
    int at = from;
    if (!stream.known) {
      // TLS begins with a handshake record (RFC 8446, 5.1); no other protocol here begins so
      stream.known = true;
      stream.tls = handshake(bytes, at, to);
      stream.text = bytes[at] == '<';
    } else if (stream.text && !stream.tls) {
      // STARTTLS (RFC 6120, 5): each end begins its handshake with a segment, and no XML has a 22
      stream.tls = handshake(bytes, at, to);
    }
    if (!stream.tls) {
      application += to - at;
      stream.heads.take(bytes, at, to);
      return;
    }
    while (at < to) {
      if (stream.recordLeft == 0) {
        stream.header[stream.headerLength++] = bytes[at++];
        security++;
        if (stream.headerLength == TLS_HEADER) {
          stream.headerLength = 0;
          stream.recordLeft = number(stream.header, 3);
          if (stream.header[0] == APPLICATION_DATA && stream.recordLeft > TLS_AROUND) {
            // reckoned with the record: its bytes count as application's below
            security += TLS_AROUND;
            application -= TLS_AROUND;
          }
        }
      } else {
        int part = Math.min(stream.recordLeft, to - at);
        if (stream.header[0] == APPLICATION_DATA) {
          application += part;
        } else {
          security += part;
        }
        stream.recordLeft -= part;
        at += part;
      }
    }
  }

  private static boolean handshake(byte[] bytes, int at, int to) {
    return to - at > 2 && bytes[at] == 22 && bytes[at + 1] == 3;
  }

  private void datagram(byte[] bytes, int from, int to) {
    int at = from;
    boolean dtls =
        to - at >= DTLS_HEADER
            && bytes[at] >= 20
            && bytes[at] <= WITH_CONNECTION_ID
            && bytes[at + 1] == (byte) 0xFE;
    if (!dtls) {
      int around = oscore(bytes, from, to);
      security += around;
      application += to - from - around;
      return;
    }
    while (to - at >= DTLS_HEADER) {
      int type = bytes[at];
      int length = number(bytes, at + 11);
      int whole = Math.min(to - at, DTLS_HEADER + length);
      boolean data = type == APPLICATION_DATA || type == WITH_CONNECTION_ID;
      int around = data ? Math.min(whole, DTLS_HEADER + DTLS_AROUND) : whole;
      security += around;
      application += whole - around;
      at += whole;
    }
    security += to - at;
  }

  /** What OSCORE takes of a CoAP message; 0 where it is none. */
  static int oscore(byte[] bytes, int from, int to) {
    if (to - from < 5 || (bytes[from] >>> 6 & 3) != 1) {
      return 0;
    }
    int at = from + 4 + (bytes[from] & 0xF); // header and token (RFC 7252, 3)
    int option = 0;
    while (at < to && bytes[at] != (byte) 0xFF) {
      int begin = at;
      int delta = bytes[at] >>> 4 & 0xF;
      int length = bytes[at] & 0xF;
      at++;
      int[] more = {delta, length};
      for (int i = 0; i < 2; i++) {
        if (more[i] == 13 && at < to) {
          more[i] = (bytes[at++] & 0xFF) + 13;
        } else if (more[i] == 14 && at + 1 < to) {
          more[i] = number(bytes, at) + 269;
          at += 2;
        } else if (more[i] > 12) {
          return 0;
        }
      }
      option += more[0];
      at += more[1];
      if (option == 9 && at <= to) {
        return at - begin + 8;
      }
    }
    return 0;
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private static long address(byte[] bytes, int at) {
    return (long) number(bytes, at) << 16 | number(bytes, at + 2);
  }

  /** Its port is another connection's now; what its heads had is kept. */
  private void retire(Stream stream) {
    Heads before = stream.up ? retiredUp : retiredDown;
    Heads after =
        new Heads(before.frames + stream.heads.frames(), before.bytes + stream.heads.bytes());
    if (stream.up) {
      retiredUp = after;
    } else {
      retiredDown = after;
    }
  }

  private Heads heads(boolean up) {
    long frames = up ? retiredUp.frames : retiredDown.frames;
    long bytes = up ? retiredUp.bytes : retiredDown.bytes;
    for (Stream stream : streams.values()) {
      if (stream.up == up) {
        frames += stream.heads.frames();
        bytes += stream.heads.bytes();
      }
    }
    return new Heads(frames, bytes);
  }

  /** What was found so far. */
  public Sum sum() {
    return new Sum(
        packets,
        up,
        down,
        internet,
        transport,
        again,
        security,
        application,
        heads(true),
        heads(false));
  }
}
