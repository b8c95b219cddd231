package org.gridwarden.dlms;

/** {@link BlockTransfer} in A-XDR. Pure functions; thread-safe. */
final class BlockTransferCodec {
  private static final int LAST = 0x80;
  private static final int STREAMING = 0x40;

  private BlockTransferCodec() {}

  /** Reads what follows the tag; the result keeps the array. */
  static BlockTransfer read(AxdrReader in) throws DlmsException {
    int control = in.u8("the block control");
    return new BlockTransfer(
        (control & LAST) != 0,
        (control & STREAMING) != 0,
        control & BlockTransfer.MAX_WINDOW,
        in.u16("the block number"),
        in.u16("the acknowledged block number"),
        in.octetString("the block"));
  }

  /** Writes what follows the tag. */
  static void write(BlockTransfer block, AxdrWriter out) {
    out.u8((block.last() ? LAST : 0) | (block.streaming() ? STREAMING : 0) | block.window());
    out.u16(block.number()).u16(block.acknowledged());
    out.octets(block.data());
  }
}
