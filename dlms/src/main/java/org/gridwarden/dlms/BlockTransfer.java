package org.gridwarden.dlms;

/**
 * General-Block-Transfer [224]: a numbered part of any APDU that is too long to be sent whole, and
 * the acknowledgement of parts that came (IEC 62056-5-3, clauses 6.2.19 and 9.5). Immutable. Its
 * bytes are {@link BlockTransferCodec}'s business.
 *
 * @param last whether it is the sender's last block (control, bit 7)
 * @param streaming whether the sender sends on without waiting (control, bit 6)
 * @param window how many blocks the sender takes in a row, 0 to 63 (control, bits 0 to 5)
 * @param number from 1 to 65,535
 * @param acknowledged up to which block all that the other side sent is here, 0 to 65,535
 * @param data the part; of no bytes where it only acknowledges
 */
public record BlockTransfer(
    boolean last,
    boolean streaming,
    int window,
    int number,
    int acknowledged,
    DlmsData.OctetString data)
    implements Apdu {
  public static final int MAX_WINDOW = 63;

  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public BlockTransfer {
    Ranges.check(window, 0, MAX_WINDOW, "window");
    Ranges.check(number, 0, 0xFFFF, "block number");
    Ranges.check(acknowledged, 0, 0xFFFF, "acknowledged block number");
  }

  @Override
  public int tag() {
    return ApduTag.GENERAL_BLOCK_TRANSFER;
  }
}
