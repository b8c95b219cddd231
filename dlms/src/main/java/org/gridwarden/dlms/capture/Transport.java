package org.gridwarden.dlms.capture;

import java.util.Arrays;

/** What a packet carries, as far as it matters here. */
sealed interface Transport {
  /**
   * A TCP segment.
   *
   * @param sequence of its first byte, 32 bits
   * @param acknowledged the next byte that its sender waits for; where {@code acks}
   * @param payload as far as captured
   * @param missing how many bytes of the payload the capture did not keep
   */
  @SuppressWarnings("ArrayRecordComponent") // owned by whoever takes it
  record Tcp(
      Endpoint from,
      Endpoint to,
      int sequence,
      int acknowledged,
      boolean acks,
      boolean syn,
      boolean fin,
      boolean reset,
      byte[] payload,
      int missing)
      implements Transport {}

  /** A UDP datagram. */
  @SuppressWarnings("ArrayRecordComponent") // owned by whoever takes it
  record Udp(Endpoint from, Endpoint to, byte[] payload, boolean cut) implements Transport {}

  /**
   * Something that could carry DLMS and is not read.
   *
   * @param why for a person
   */
  record Unread(String why) implements Transport {}

  /** Nothing of ours: ARP, ICMP and the like, or no packet at all. */
  record Other() implements Transport {}

  /** The one. */
  Other OTHER = new Other();

  /** Takes a packet apart. Never throws, whatever the bytes are. */
  static Transport of(Packet packet) {
    byte[] b = packet.bytes();
    return switch (packet.linkType()) {
      case 1 -> ethernet(b); // LINKTYPE_ETHERNET
      case 0 -> loopback(b, true); // NULL: BSD's loopback, in the order of the machine
      case 108 -> loopback(b, false); // LOOP
      case 12, 14, 101 -> ip(b, 0); // RAW
      case 113 -> b.length < 16 ? OTHER : typed(b, 14, 16); // LINUX_SLL
      case 276 -> b.length < 20 ? OTHER : typed(b, 0, 20); // LINUX_SLL2
      case 228 -> b.length > 0 && b[0] >>> 4 == 4 ? ip(b, 0) : OTHER; // IPV4
      case 229 -> b.length > 0 && b[0] >>> 4 == 6 ? ip(b, 0) : OTHER; // IPV6
      default ->
          new Unread(
              "link type "
                  + packet.linkType()
                  + " is not read; Ethernet, Linux cooked, loopback and raw IP are");
    };
  }

  private static Transport ethernet(byte[] b) {
    int at = 12;
    // up to two VLAN tags
    for (int tags = 0; tags < 3 && at + 2 <= b.length; tags++) {
      int type = u16(b, at);
      if (type != 0x8100 && type != 0x88A8 && type != 0x9100) {
        return typed(b, at, at + 2);
      }
      at += 4;
    }
    return OTHER;
  }

  private static Transport typed(byte[] b, int type, int from) {
    int what = u16(b, type);
    return what == 0x0800 || what == 0x86DD ? ip(b, from) : OTHER;
  }

  private static Transport loopback(byte[] b, boolean anyOrder) {
    if (b.length < 4) {
      return OTHER;
    }
    int family = b[0] == 0 && b[1] == 0 ? u16(b, 2) : anyOrder ? b[0] & 0xFF : 0;
    // AF_INET is 2 everywhere, AF_INET6 24, 28 or 30
    return family == 2 || family == 24 || family == 28 || family == 30 ? ip(b, 4) : OTHER;
  }

  private static Transport ip(byte[] b, int at) {
    if (at >= b.length) {
      return OTHER;
    }
    return switch (b[at] >>> 4 & 0x0F) {
      case 4 -> ip4(b, at);
      case 6 -> ip6(b, at);
      default -> OTHER;
    };
  }

  private static Transport ip4(byte[] b, int at) {
    if (at + 20 > b.length) {
      return OTHER;
    }
    int header = (b[at] & 0x0F) * 4;
    int protocol = b[at + 9] & 0xFF;
    if (header < 20 || protocol != TCP && protocol != UDP) {
      return OTHER;
    }
    if ((u16(b, at + 6) & 0x3FFF) != 0) { // more fragments, or not the first
      return new Unread("an IP fragment, which is not joined with its others");
    }
    int total = u16(b, at + 2);
    // 0 where the sending card was to fill it in: then to the end
    int end = total == 0 ? b.length : at + total;
    return carried(b, protocol, at + header, end, copy(b, at + 12, 4), copy(b, at + 16, 4));
  }

  private static Transport ip6(byte[] b, int at) {
    if (at + 40 > b.length) {
      return OTHER;
    }
    int length = u16(b, at + 4);
    int end = length == 0 ? b.length : at + 40 + length;
    int next = b[at + 6] & 0xFF;
    int from = at + 40;
    // hop-by-hop options, routing, destination options
    for (int i = 0; i < 8 && (next == 0 || next == 43 || next == 60); i++) {
      if (from + 8 > b.length) {
        return OTHER;
      }
      next = b[from] & 0xFF;
      from += 8 + 8 * (b[from + 1] & 0xFF);
    }
    if (next == 44) {
      return new Unread("an IP fragment, which is not joined with its others");
    }
    return carried(b, next, from, end, copy(b, at + 8, 16), copy(b, at + 24, 16));
  }

  private static Transport carried(
      byte[] b, int protocol, int at, int end, byte[] source, byte[] destination) {
    int stop = Math.min(end, b.length); // what follows is padding; what lacks was not captured
    if (protocol == UDP && at + 8 <= stop) {
      int length = u16(b, at + 4);
      int last = length < 8 ? end : Math.min(end, at + length);
      return new Udp(
          new Endpoint(source, u16(b, at)),
          new Endpoint(destination, u16(b, at + 2)),
          Arrays.copyOfRange(b, at + 8, Math.max(at + 8, Math.min(last, stop))),
          last > stop);
    }
    if (protocol != TCP || at + 20 > stop) {
      return OTHER;
    }
    int header = (b[at + 12] >>> 4 & 0x0F) * 4;
    if (header < 20 || at + header > end) {
      return OTHER;
    }
    int flags = b[at + 13];
    int data = Math.min(at + header, stop);
    return new Tcp(
        new Endpoint(source, u16(b, at)),
        new Endpoint(destination, u16(b, at + 2)),
        u16(b, at + 4) << 16 | u16(b, at + 6),
        u16(b, at + 8) << 16 | u16(b, at + 10),
        (flags & 0x10) != 0,
        (flags & 0x02) != 0,
        (flags & 0x01) != 0,
        (flags & 0x04) != 0,
        Arrays.copyOfRange(b, data, stop),
        end - Math.max(stop, at + header));
  }

  /** IP's number of TCP. */
  int TCP = 6;

  /** IP's number of UDP. */
  int UDP = 17;

  private static byte[] copy(byte[] b, int at, int length) {
    return Arrays.copyOfRange(b, at, at + length);
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
  }
}
