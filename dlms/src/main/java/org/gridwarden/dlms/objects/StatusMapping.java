package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Status mapping (class 63, version 0, IEC 62056-6-2 clause 4.3.9): a status word, and which entry
 * of a reference table each of its bits is. Thread-safe where the supplier is.
 */
public final class StatusMapping extends InterfaceObject {
  private StatusMapping(
      ObisCode logicalName, Supplier<? extends DlmsData> word, int table, DlmsData mapping) {
    super(63, 0, logicalName, 3, 0);
    attribute(2, word);
    attribute(3, () -> DlmsData.Structure.of(new DlmsData.Unsigned8(table), mapping));
  }

  /**
   * Bits that follow one another in the table.
   *
   * @param word a bit string, a string or an unsigned number
   * @param table the reference table, 0 to 255
   * @param first the entry of the word's first bit, 0 to 65,535
   */
  public static StatusMapping inRow(
      ObisCode logicalName, Supplier<? extends DlmsData> word, int table, int first) {
    return new StatusMapping(logicalName, word, table, new DlmsData.LongUnsigned(first));
  }

  /**
   * Bits each with an entry of its own.
   *
   * @param word a bit string, a string or an unsigned number
   * @param table the reference table, 0 to 255
   * @param entries one for each bit, each 0 to 65,535
   */
  public static StatusMapping each(
      ObisCode logicalName, Supplier<? extends DlmsData> word, int table, List<Integer> entries) {
    return new StatusMapping(
        logicalName,
        word,
        table,
        DlmsData.Array.of(entries.stream().map(DlmsData.LongUnsigned::new).toList()));
  }
}
