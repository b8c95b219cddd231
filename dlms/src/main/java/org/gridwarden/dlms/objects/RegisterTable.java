package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;

/**
 * Register table (class 61, version 0, IEC 62056-6-2 clause 4.3.8): values of one kind that differ
 * only in value group E, such as harmonics, side by side. Thread-safe: captured values are one
 * volatile list.
 */
public final class RegisterTable extends InterfaceObject {
  /**
   * Which values.
   *
   * @param attribute of which the values are; value group E of its name is not looked at
   * @param groupE the columns, each 0 to 255
   */
  public record Cells(AttributeRef attribute, List<Integer> groupE) {
    public Cells {
      groupE = List.copyOf(groupE);
    }

    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.LongUnsigned(attribute.classId()),
          DlmsData.OctetString.of(attribute.instance()),
          DlmsData.Array.of(groupE.stream().map(DlmsData.Unsigned8::new).toList()),
          new DlmsData.Integer8(attribute.attribute()));
    }
  }

  private final Cells cells;
  private final Supplier<List<DlmsData>> read;
  private volatile List<DlmsData> values;

  /**
   * @param read the values as they are now, one for each column
   */
  public RegisterTable(
      ObisCode logicalName, Cells cells, int scaler, Unit unit, Supplier<List<DlmsData>> read) {
    super(61, 0, logicalName, 4, 2);
    this.cells = cells;
    this.read = read;
    this.values = none();
    attribute(2, () -> DlmsData.Array.of(values));
    attribute(3, cells::data);
    attribute(
        4,
        () ->
            DlmsData.Structure.of(
                new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit.code())));
    method(1, this::reset);
    method(2, this::capture);
  }

  private List<DlmsData> none() {
    return cells.groupE().stream().<DlmsData>map(_ -> DlmsData.NullData.of()).toList();
  }

  /** 1, reset: the cells say nothing until they are captured again. */
  private AccessResult reset() {
    values = none();
    return AccessResult.SUCCESS;
  }

  /** 2, capture. */
  private AccessResult capture() {
    List<DlmsData> now = List.copyOf(read.get());
    if (now.size() != cells.groupE().size()) {
      return AccessResult.HARDWARE_FAULT;
    }
    values = now;
    return AccessResult.SUCCESS;
  }
}
