package org.gridwarden.dlms.capture;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A pcapng file: sections of blocks, some of which hold packets. */
final class PcapNgFile extends CaptureFile {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int OLD_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;
  private static final int BYTE_ORDER = 0x1A2B3C4D;
  private static final int MAX_INTERFACES = 1024;
  private static final int MIN_BLOCK = 12;
  private static final int RESOLUTION = 9;
  private static final int TIME_OFFSET = 14;

  /** Of a year 10,000, in seconds: later than any packet. */
  private static final long TOO_LATE = 253_402_300_800L;

  /**
   * @param snapLength how much of a packet is kept; 0: all
   * @param resolution of time stamps: bit 7 of two, else of ten, and the negative exponent
   * @param timeOffset seconds to add
   */
  private record Interface(int linkType, long snapLength, int resolution, long timeOffset) {}

  private final List<Interface> interfaces = new ArrayList<>();
  private boolean begun;

  PcapNgFile(InputStream in) {
    super(in);
    startAt(MAGIC_LENGTH);
  }

  @Override
  Optional<Packet> next() throws IOException, CaptureException {
    if (!begun) {
      begun = true;
      section();
    }
    byte[] type = new byte[4];
    while (!atEnd(type)) {
      fill(type, "a block's type");
      int kind = i32(type, 0);
      if (kind == SECTION) {
        section();
        continue;
      }
      long length = u32(bytes(4, "a block's length"), 0);
      if (length < MIN_BLOCK || length % 4 != 0) {
        throw wrong("a block of " + length + " bytes; they are 12 or more and a multiple of 4");
      }
      long body = length - MIN_BLOCK;
      Optional<Packet> packet = Optional.empty();
      switch (kind) {
        case INTERFACE -> describe(bytes(body, "an interface's description"));
        case ENHANCED_PACKET -> packet = enhanced(bytes(body, "a packet"));
        case OLD_PACKET -> packet = old(bytes(body, "a packet"));
        case SIMPLE_PACKET -> packet = simple(bytes(body, "a packet"));
        default -> skip(body, "a block");
      }
      if (u32(bytes(4, "a block's length"), 0) != length) {
        throw wrong("a block's two lengths differ");
      }
      if (packet.isPresent()) {
        return packet;
      }
    }
    return Optional.empty();
  }

  /** A section's header behind its type: from here on byte order and interfaces may be others. */
  private void section() throws IOException, CaptureException {
    byte[] head = bytes(8, "a section's header");
    order(false);
    if (i32(head, 4) != BYTE_ORDER) {
      order(true);
      if (i32(head, 4) != BYTE_ORDER) {
        throw wrong("a section's byte order mark is neither way round");
      }
    }
    long length = u32(head, 0);
    // type, length, mark, version, section length, length
    if (length < 28 || length % 4 != 0) {
      throw wrong("a section's header of " + length + " bytes");
    }
    int major = u16(bytes(2, "a section's version"), 0);
    if (major != 1) {
      throw wrong("a pcapng file of version " + major + "; 1 is read");
    }
    skip(length - 14, "a section's header");
    interfaces.clear();
  }

  private void describe(byte[] b) throws CaptureException {
    if (b.length < 8) {
      throw wrong("an interface's description is too short");
    }
    if (interfaces.size() >= MAX_INTERFACES) {
      throw wrong("more than " + MAX_INTERFACES + " interfaces");
    }
    int resolution = 6;
    long timeOffset = 0;
    for (int at = 8; at + 4 <= b.length; ) {
      int code = u16(b, at);
      int length = u16(b, at + 2);
      int value = at + 4;
      if (code == 0 || value + length > b.length) {
        break;
      }
      if (code == RESOLUTION && length == 1) {
        resolution = b[value] & 0xFF;
      } else if (code == TIME_OFFSET && length == 8) {
        timeOffset = u64(b, value, value + 4);
      }
      at = value + (length + 3 & ~3);
    }
    interfaces.add(new Interface(u16(b, 0), u32(b, 4), resolution, timeOffset));
  }

  /** Two words; which of them is the higher depends on the byte order. */
  private long u64(byte[] b, int first, int second) {
    return littleEndian()
        ? u32(b, second) << 32 | u32(b, first)
        : u32(b, first) << 32 | u32(b, second);
  }

  private Optional<Packet> enhanced(byte[] b) throws CaptureException {
    // interface, time high and low, captured length, original length
    if (b.length < 20) {
      throw wrong("a packet's block is too short");
    }
    return packet(i32(b, 0), u32(b, 4) << 32 | u32(b, 8), u32(b, 12), u32(b, 16), b, 20);
  }

  private Optional<Packet> old(byte[] b) throws CaptureException {
    // interface and drops in two bytes each
    if (b.length < 20) {
      throw wrong("a packet's block is too short");
    }
    return packet(u16(b, 0), u32(b, 4) << 32 | u32(b, 8), u32(b, 12), u32(b, 16), b, 20);
  }

  private Optional<Packet> packet(
      int source, long time, long captured, long original, byte[] b, int from)
      throws CaptureException {
    Interface on = known(source);
    if (captured > b.length - from) {
      throw wrong("a packet says " + captured + " bytes, and its block has " + (b.length - from));
    }
    return Optional.of(
        new Packet(
            nextNumber(),
            instant(on, time),
            on.linkType(),
            Arrays.copyOfRange(b, from, from + (int) captured),
            original));
  }

  private Optional<Packet> simple(byte[] b) throws CaptureException {
    if (b.length < 4) {
      throw wrong("a packet's block is too short");
    }
    Interface on = known(0);
    long original = u32(b, 0);
    long captured = Math.min(original, b.length - 4);
    if (on.snapLength() > 0) {
      captured = Math.min(captured, on.snapLength());
    }
    return Optional.of(
        new Packet(
            nextNumber(),
            Optional.empty(),
            on.linkType(),
            Arrays.copyOfRange(b, 4, 4 + (int) captured),
            original));
  }

  private Interface known(int number) throws CaptureException {
    if (number < 0 || number >= interfaces.size()) {
      throw wrong("a packet of interface " + number + ", which is not described");
    }
    return interfaces.get(number);
  }

  private static Optional<Instant> instant(Interface on, long units) {
    int exponent = on.resolution() & 0x7F;
    boolean binary = (on.resolution() & 0x80) != 0;
    if (exponent > (binary ? 62 : 18)) {
      return Optional.empty();
    }
    long each = binary ? 1L << exponent : (long) Math.pow(10, exponent);
    long whole = Long.divideUnsigned(units, each);
    long rest = Long.remainderUnsigned(units, each);
    // a double holds nanoseconds of a second exactly enough, and no product overflows
    long nanos = each == 1_000_000 ? rest * 1000 : (long) ((double) rest / each * 1e9);
    long seconds = whole + on.timeOffset();
    return whole < 0 || whole > TOO_LATE || seconds < 0 || seconds > TOO_LATE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds, nanos));
  }
}
