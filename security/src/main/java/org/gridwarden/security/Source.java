package org.gridwarden.security;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * What counts as one source: an IPv4 address, or the /64 of an IPv6 address, since whoever has one
 * address of a /64 has them all (RFC 4291, clause 2.5.1).
 */
record Source(long high, long low) {
  static Source of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address) {
      return new Source(number(bytes), -1);
    }
    return new Source(0, number(bytes));
  }

  /** The first 8 bytes, or all where there are fewer. */
  private static long number(byte[] bytes) {
    long number = 0;
    for (int i = 0; i < Math.min(8, bytes.length); i++) {
      number = number << 8 | bytes[i] & 0xFF;
    }
    return number;
  }
}
