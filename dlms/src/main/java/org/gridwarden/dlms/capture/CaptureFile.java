package org.gridwarden.dlms.capture;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads the packets of a capture file one after another: pcap of either byte order with micro- or
 * nanoseconds (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng). Holds one packet at a
 * time, of at most {@link #MAX_PACKET} bytes. Not thread-safe.
 */
abstract sealed class CaptureFile permits PcapFile, PcapNgFile {
  /** The longest packet that tcpdump and Wireshark keep, in bytes. */
  static final int MAX_PACKET = 256 * 1024;

  static final int MAGIC_LENGTH = 4;
  private static final int PCAP = 0xA1B2C3D4;
  private static final int PCAP_NANOS = 0xA1B23C4D;
  private static final int PCAPNG = 0x0A0D0D0A;

  private final InputStream in;
  private long offset;
  private boolean little;
  private long packets;

  CaptureFile(InputStream in) {
    this.in = in;
  }

  /** Whether a capture file begins with these four bytes. */
  static boolean isOne(byte[] first) {
    int magic = magic(first);
    int turned = Integer.reverseBytes(magic);
    return magic == PCAPNG
        || magic == PCAP
        || magic == PCAP_NANOS
        || turned == PCAP
        || turned == PCAP_NANOS;
  }

  /**
   * Opens a capture whose first four bytes were read already.
   *
   * @throws CaptureException where the header is no such file's
   */
  static CaptureFile open(byte[] first, InputStream rest) throws IOException, CaptureException {
    int magic = magic(first);
    if (magic == PCAPNG) {
      return new PcapNgFile(rest);
    }
    boolean little = magic != PCAP && magic != PCAP_NANOS;
    int straight = little ? Integer.reverseBytes(magic) : magic;
    return new PcapFile(rest, little, straight == PCAP_NANOS);
  }

  private static int magic(byte[] b) {
    return (b[0] & 0xFF) << 24 | (b[1] & 0xFF) << 16 | (b[2] & 0xFF) << 8 | b[3] & 0xFF;
  }

  /**
   * The next packet; empty at the end.
   *
   * @throws CaptureException where the file breaks its format; nothing can be read behind that
   */
  abstract Optional<Packet> next() throws IOException, CaptureException;

  /** The byte order of what follows. */
  final void order(boolean littleEndian) {
    little = littleEndian;
  }

  final boolean littleEndian() {
    return little;
  }

  /** How many bytes of the file were read. */
  final long offset() {
    return offset;
  }

  final void startAt(int bytes) {
    offset = bytes;
  }

  final long nextNumber() {
    return ++packets;
  }

  final CaptureException wrong(String what) {
    return new CaptureException(offset, what);
  }

  /** Whether there is another byte: the end of the file between two packets is no fault. */
  final boolean atEnd(byte[] into) throws IOException {
    int first = in.read();
    if (first < 0) {
      return true;
    }
    into[0] = (byte) first;
    offset++;
    return false;
  }

  final byte[] bytes(long length, String what) throws IOException, CaptureException {
    if (length < 0 || length > MAX_PACKET) {
      throw wrong(what + " has " + length + " bytes; at most " + MAX_PACKET + " are read");
    }
    byte[] bytes = in.readNBytes((int) length);
    offset += bytes.length;
    if (bytes.length < length) {
      throw wrong("the file ends within " + what);
    }
    return bytes;
  }

  /** Reads the rest of a field whose first byte is there. */
  final void fill(byte[] into, String what) throws IOException, CaptureException {
    int n = in.readNBytes(into, 1, into.length - 1);
    offset += n;
    if (n < into.length - 1) {
      throw wrong("the file ends within " + what);
    }
  }

  final void skip(long length, String what) throws IOException, CaptureException {
    try {
      in.skipNBytes(length);
      offset += length;
    } catch (EOFException e) {
      throw wrong("the file ends within " + what);
    }
  }

  final int u16(byte[] b, int at) {
    int big = (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    return little ? (big & 0xFF) << 8 | big >>> 8 : big;
  }

  final int i32(byte[] b, int at) {
    int big =
        (b[at] & 0xFF) << 24
            | (b[at + 1] & 0xFF) << 16
            | (b[at + 2] & 0xFF) << 8
            | b[at + 3] & 0xFF;
    return little ? Integer.reverseBytes(big) : big;
  }

  final long u32(byte[] b, int at) {
    return i32(b, at) & 0xFFFF_FFFFL;
  }
}
