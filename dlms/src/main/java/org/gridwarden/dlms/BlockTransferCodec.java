package org.gridwarden.dlms;

/** {@link BlockTransfer} in A-XDR. Pure functions; thread-safe. */
final class BlockTransferCodec {
  private static final int LAST = 0x80;
  private static final int STREAMING = 0x40;

  /** Tag, control, block number, block number acknowledged. */
  private static final int HEAD = 6;

  static final String MALFORMED = "a transfer block is cut short, or its length is malformed";

  private BlockTransferCodec() {}

  /** Reads what follows the tag, to the input's end; the result keeps the array. */
  static BlockTransfer read(AxdrReader in) throws DlmsException {
    byte[] apdu = in.buffer();
    int tag = in.at() - 1;
    int end = in.at() + in.left();
    int from = data(apdu, tag, end);
    if (from < 0) {
      throw DlmsException.malformed(tag, MALFORMED);
    }
    in.skip(end - in.at(), "the block");
    return new BlockTransfer(
        last(apdu, tag),
        (apdu[tag + 1] & STREAMING) != 0,
        apdu[tag + 1] & BlockTransfer.MAX_WINDOW,
        number(apdu, tag),
        word(apdu, tag + 4),
        new DlmsData.OctetString(apdu, from, end - from));
  }

  // the joiner of pushes asks these of each block, and makes nothing

  /**
   * Where the data of a block begin, which end with it.
   *
   * @param tag where the block begins
   * @return -1 where it is malformed
   */
  static int data(byte[] apdu, int tag, int end) {
    int from = tag + HEAD + 1;
    if (end < from) {
      return -1;
    }
    int length = apdu[tag + HEAD] & 0xFF;
    if (length >= 0x80) {
      int bytes = length & 0x7F;
      if (bytes == 0 || bytes > 3 || end < from + bytes) {
        return -1;
      }
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | (apdu[from++] & 0xFF);
      }
    }
    return length == end - from ? from : -1;
  }

  /** Whether it is the sender's last block. */
  static boolean last(byte[] apdu, int tag) {
    return (apdu[tag + 1] & LAST) != 0;
  }

  /** The block's number. */
  static int number(byte[] apdu, int tag) {
    return word(apdu, tag + 2);
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }

  /** Writes what follows the tag. */
  static void write(BlockTransfer block, AxdrWriter out) {
    out.u8((block.last() ? LAST : 0) | (block.streaming() ? STREAMING : 0) | block.window());
    out.u16(block.number()).u16(block.acknowledged());
    out.octets(block.data());
  }
}
