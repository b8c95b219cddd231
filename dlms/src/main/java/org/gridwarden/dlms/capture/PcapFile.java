package org.gridwarden.dlms.capture;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** A pcap file: one header, then records. */
final class PcapFile extends CaptureFile {
  private static final int HEADER = 20; // without its magic
  private static final int RECORD = 16;
  private static final int VERSION = 2;

  private final int linkType;
  private final long nanosEach;
  private final byte[] record = new byte[RECORD];

  PcapFile(InputStream in, boolean little, boolean nanos) throws IOException, CaptureException {
    super(in);
    startAt(MAGIC_LENGTH);
    order(little);
    byte[] header = bytes(HEADER, "the pcap header");
    // major, minor, zone, accuracy, longest packet, link type
    if (u16(header, 0) != VERSION) {
      throw wrong("a pcap file of version " + u16(header, 0) + "; 2 is read");
    }
    linkType = i32(header, 16) & 0xFFFF; // above stand what the frame check sequence is
    nanosEach = nanos ? 1 : 1000;
  }

  @Override
  Optional<Packet> next() throws IOException, CaptureException {
    if (atEnd(record)) {
      return Optional.empty();
    }
    fill(record, "a packet's header");
    // seconds, fraction, captured length, original length
    Instant time = Instant.ofEpochSecond(u32(record, 0), u32(record, 4) * nanosEach);
    byte[] packet = bytes(u32(record, 8), "a packet");
    return Optional.of(
        new Packet(nextNumber(), Optional.of(time), linkType, packet, u32(record, 12)));
  }
}
