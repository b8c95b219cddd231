package org.gridwarden.dlms.objects;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * Utility tables (class 26, version 0, IEC 62056-6-2 clause 4.3.7): a table of ANSI C12.19 whole,
 * or from an offset. The other selector, by index into the table's elements, needs the table's own
 * structure and is refused. Thread-safe where the supplier is.
 */
public final class UtilityTable extends InterfaceObject {
  private static final int BY_OFFSET = 1;
  private static final AttributeType OFFSET =
      AttributeType.structure(AttributeType.doubleLongUnsigned(), AttributeType.longUnsigned());

  private final Supplier<byte[]> table;

  /**
   * @param id the table's number, 0 to 65,535
   * @param table its bytes as they are now
   */
  public UtilityTable(ObisCode logicalName, int id, Supplier<byte[]> table) {
    super(26, 0, logicalName, 4, 0);
    this.table = table;
    attribute(2, () -> new DlmsData.LongUnsigned(id));
    attribute(3, () -> new DlmsData.DoubleLongUnsigned(table.get().length));
    selective(4, this::read);
  }

  private Outcome read(Optional<Selection> selection) {
    byte[] all = table.get();
    if (selection.isEmpty()) {
      return new Outcome.Value(DlmsData.OctetString.of(all));
    }
    if (selection.get().selector() != BY_OFFSET) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    if (!(selection.get().parameters() instanceof DlmsData.Structure s) || !OFFSET.fits(s)) {
      return new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
    }
    long from = ((DlmsData.Whole) s.get(0)).asLong();
    long to = from + ((DlmsData.Whole) s.get(1)).asLong();
    return to > all.length
        ? new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED)
        : new Outcome.Value(DlmsData.OctetString.of(Arrays.copyOfRange(all, (int) from, (int) to)));
  }
}
