package org.gridwarden.dlms;

import java.util.BitSet;

/**
 * Finds where an APDU without any framing ends, from its own structure: lengths where it has them,
 * else by walking over the A-XDR data without building it. Holds its stack between calls; one
 * thread at a time.
 */
final class RawApdus {
  private static final BitSet TAGS = new BitSet(256);

  static {
    TAGS.set(0x01); // initiate-request
    TAGS.set(0x05, 0x07); // read, write
    TAGS.set(0x08); // initiate-response
    TAGS.set(0x0C, 0x11); // responses; data-notification 0F and its confirm 10
    TAGS.set(0x16);
    TAGS.set(0x18);
    TAGS.set(0x21, 0x42); // glo- of the short-name services
    for (int tag = 0x42; tag < 0x60; tag++) {
      TAGS.set(tag, ApduTag.isServiceCiphered(tag)); // ded- of the short-name services
    }
    TAGS.set(0x60, 0x64); // AARQ, AARE, RLRQ, RLRE
    TAGS.set(0xC0, 0xDA); // logical-name services, their glo- and ded-, access
    TAGS.set(0xDB, 0xE1); // general-glo, -ded, -ciphering, -signing, block transfer
  }

  private static final int DATA_NOTIFICATION = 0x0F;
  private static final int DATA_NOTIFICATION_CONFIRM = 0x10;
  private static final int EVENT_NOTIFICATION = 0xC2;
  private static final int GENERAL_GLO = 0xDB;
  private static final int GENERAL_DED = 0xDC;
  private static final int GENERAL_BLOCK_TRANSFER = 0xE0;

  /** Neither a length nor a structure that is walked over tells where it ends. */
  private static final int OPEN = -3;

  private static final Found.Damaged TOO_LONG =
      new Found.Damaged("an APDU is longer than the greatest one", 1, 1);

  private final AxdrExtent walk = new AxdrExtent();
  private int reached;
  private boolean walked;

  /** Whether an APDU may begin with this byte (IEC 62056-5-3, clause 8, the tags of the APDUs). */
  static boolean plausible(byte tag) {
    return TAGS.get(tag & 0xFF);
  }

  /** How far the last {@link #scan} looked: no other APDU without framing is sought before here. */
  int reached() {
    return reached;
  }

  /** Whether the last {@link #scan} walked over data to its end, which noise hardly has. */
  boolean walked() {
    return walked;
  }

  /**
   * What begins at {@code at}.
   *
   * @param first whether the stream begins here: then an APDU whose end only the end of the input
   *     tells is one, too
   * @param ending whether the input ends at {@code end}
   */
  Found scan(
      byte[] buf, int at, int end, int maxApdu, boolean first, boolean ending, Found.Frame out) {
    int from = at;
    reached = at + 1;
    walked = false;
    if ((buf[at] & 0xFF) == 0xE6) { // an adapter has taken the HDLC off and left the LLC
      if (end - at < 4) {
        return Found.MORE;
      }
      if (!Llc.at(buf, at, end)) {
        return Found.NOTHING;
      }
      from = at + Llc.LENGTH;
    }
    int stop = Math.min(end, from + maxApdu);
    walk.begin(buf, from, stop);
    walked = buf[from] == DATA_NOTIFICATION || (buf[from] & 0xFF) == EVENT_NOTIFICATION;
    int to = extent(buf[from] & 0xFF);
    reached = Math.max(at + 1, walk.at());
    if (to == OPEN) {
      return !first || !plausible(buf[from])
          ? Found.NOTHING
          : ending ? frame(out, at, from, end) : Found.MORE;
    }
    if (to == AxdrExtent.MORE) {
      return stop < end ? TOO_LONG : Found.MORE;
    }
    return to == AxdrExtent.WRONG ? Found.NOTHING : frame(out, at, from, to);
  }

  private static Found.Frame frame(Found.Frame out, int at, int from, int to) {
    return out.link(LinkInfo.Kind.RAW, LinkAddress.NONE, LinkAddress.NONE).place(to - at, from, to);
  }

  private int extent(int tag) {
    return switch (tag) {
      // long-invoke-id-and-priority, date-time OCTET STRING, body
      case DATA_NOTIFICATION -> walk.skip(1 + 4).dateTime().data().end();
      case DATA_NOTIFICATION_CONFIRM -> walk.skip(1 + 4).dateTime().end();
      // time OPTIONAL, attribute descriptor, value
      case EVENT_NOTIFICATION -> walk.skip(1).optionalOctets().skip(2 + 6 + 1).data().end();
      case GENERAL_GLO, GENERAL_DED -> walk.skip(1).systemTitle().ciphered().end();
      // glo- and ded-event-notification, data within the named services of an association
      case 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF -> walk.skip(1).ciphered().end();
      case 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7 -> walk.skip(1).ciphered().end();
      // control, block number, block number acknowledged, data
      case GENERAL_BLOCK_TRANSFER -> walk.skip(1 + 1 + 2 + 2).octets().end();
      // BER, APPLICATION tags
      case 0x60, 0x61, 0x62, 0x63 -> walk.skip(1).octets().end();
      default -> OPEN;
    };
  }
}
