package org.gridwarden.bench.net;

import java.util.HashSet;
import java.util.Set;

/**
 * Tells packets of meters that have gone: the office speaks to them for a while, and their kernel
 * says goodbye for them, which is no cost of whoever is measured next. A meter is known by its port
 * and protocol; a port lives again with a SYN, or a datagram, from it. One thread.
 */
public final class Departed {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int SYN = 2;

  private final Set<Integer> seen = new HashSet<>();
  private final Set<Integer> gone = new HashSet<>();

  /** All meters that were seen so far have gone. */
  public void all() {
    gone.addAll(seen);
    seen.clear();
  }

  /** Whether a packet is between the office and a meter that has gone; else its meter is seen. */
  public boolean isOf(Packet packet) {
    byte[] bytes = packet.bytes();
    int start = bytes.length < 20 ? 0 : (bytes[0] & 0xF) * 4;
    if (start < 20 || bytes.length < start + 8) {
      return false;
    }
    int protocol = bytes[9] & 0xFF;
    if (protocol != TCP && protocol != UDP) {
      return true; // ICMP: nobody is there any more at a port
    }
    int at = packet.up() ? start : start + 2;
    int meter = protocol << 16 | (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    boolean begins =
        packet.up()
            && (protocol == UDP || bytes.length > start + 13 && (bytes[start + 13] & SYN) != 0);
    if (begins) {
      gone.remove(meter);
    }
    if (gone.contains(meter)) {
      return true;
    }
    seen.add(meter);
    return false;
  }
}
