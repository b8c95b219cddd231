package org.gridwarden.dlms;

/**
 * One HDLC frame of format type 3 (IEC 62056-46, clause 6.4): between two flags the format with
 * segmentation bit and 11 bits of length, destination, source, control, header check, information
 * and frame check. A frame without information has one check only.
 *
 * @param destination whom it is for: 1, 2 or 4 bytes
 * @param source who sends it: 1, 2 or 4 bytes; 0 where a stack left it out
 * @param control the control field, 0 to 255
 * @param segmented whether further segments of the same APDU follow
 * @param information at most {@link #MAX_INFORMATION} bytes, not copied: whoever has the frame owns
 *     them
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record HdlcFrame(
    LinkAddress destination,
    LinkAddress source,
    int control,
    boolean segmented,
    byte[] information) {
  /** The greatest information field, in bytes (clause 6.4.4.4.3.2). */
  public static final int MAX_INFORMATION = 2030;

  /** The greatest frame between its flags, in bytes: what 11 bits of length say. */
  public static final int MAX_LENGTH = 0x7FF;

  static final int FLAG = 0x7E;

  private static final int FORMAT_TYPE_3 = 0xA000;
  private static final int SEGMENTATION = 0x0800;

  /** The frame's bytes, both flags included. */
  public byte[] encode() {
    return encode(destination, source, control, segmented, information, 0, information.length);
  }

  /** As {@link #encode()}, the information being {@code [from, to)} of some bytes. */
  public static byte[] encode(
      LinkAddress destination,
      LinkAddress source,
      int control,
      boolean segmented,
      byte[] bytes,
      int from,
      int to) {
    int information = to - from;
    Ranges.check(information, 0, MAX_INFORMATION, "the length of an information field");
    int header = 2 + destination.bytes() + source.bytes() + 1;
    int length = header + 2 + (information == 0 ? 0 : information + 2);
    byte[] frame = new byte[length + 2];
    int format = FORMAT_TYPE_3 | (segmented ? SEGMENTATION : 0) | length;
    frame[0] = FLAG;
    frame[1] = (byte) (format >>> 8);
    frame[2] = (byte) format;
    int at = putAddress(frame, 3, destination);
    at = putAddress(frame, at, source);
    frame[at++] = (byte) control;
    at = putCheck(frame, at);
    if (information > 0) {
      System.arraycopy(bytes, from, frame, at, information);
      at = putCheck(frame, at + information);
    }
    frame[at] = FLAG;
    return frame;
  }

  private static int putCheck(byte[] frame, int at) {
    int crc = Crc16.of(frame, 1, at);
    frame[at] = (byte) crc;
    frame[at + 1] = (byte) (crc >>> 8);
    return at + 2;
  }

  /** Seven bits a byte, the last byte marked by its lowest bit (clause 6.4.2.2). */
  private static int putAddress(byte[] frame, int at, LinkAddress address) {
    int most = address.bytes() == 4 ? 0x3FFF : 0x7F;
    Ranges.check(address.upper(), 0, most, "the upper part of this HDLC address");
    Ranges.check(
        address.lower(), 0, address.bytes() == 1 ? 0 : most, "the lower part of this HDLC address");
    switch (address.bytes()) {
      case 1 -> frame[at] = (byte) (address.upper() << 1 | 1);
      case 2 -> {
        frame[at] = (byte) (address.upper() << 1);
        frame[at + 1] = (byte) (address.lower() << 1 | 1);
      }
      case 4 -> {
        frame[at] = (byte) (address.upper() >>> 7 << 1);
        frame[at + 1] = (byte) (address.upper() << 1);
        frame[at + 2] = (byte) (address.lower() >>> 7 << 1);
        frame[at + 3] = (byte) (address.lower() << 1 | 1);
      }
      default -> throw new IllegalArgumentException("an HDLC frame needs both addresses");
    }
    return at + address.bytes();
  }

  /** {@code hdlc 16 > 1, control 93, 21 bytes}: the information itself may be secret. */
  @Override
  public String toString() {
    return "hdlc %s > %s, control %02X, %d bytes%s"
        .formatted(source, destination, control, information.length, segmented ? ", more" : "");
  }
}
