package org.gridwarden.dlms.capture;

import java.time.Instant;
import java.util.Optional;

/**
 * A packet of a capture file.
 *
 * @param number its place in the file, from 1
 * @param time when it was captured; empty where the file does not say
 * @param linkType the number of its link layer (tcpdump.org, LINKTYPE_ values)
 * @param bytes what was captured of it, not copied
 * @param originalLength how long it was on the wire, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
record Packet(
    long number, Optional<Instant> time, int linkType, byte[] bytes, long originalLength) {
  /** Whether the capture kept less than there was. */
  boolean cut() {
    return bytes.length < originalLength;
  }
}
