package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;

/**
 * Reads what a client was given for a profile's buffer and capture objects (IEC 62056-6-2, class 7)
 * as pushes are read, so that a value means the same whichever way it came. Stateless.
 */
public final class BufferReader {
  private static final int CLOCK = 8;
  private static final int VALUE = 2;

  private BufferReader() {}

  /**
   * A column of a buffer.
   *
   * @param classId of the object captured
   * @param object the object captured
   * @param attribute which of its attributes
   * @param scaling its scaler and unit; {@link Scaling#NONE} where unknown
   */
  public record Column(int classId, ObisCode object, int attribute, Scaling scaling) {
    /** Whether it is the rows' clock. */
    public boolean isClock() {
      return classId == CLOCK && attribute == VALUE;
    }

    /** The same with scaler and unit. */
    public Column with(Scaling known) {
      return new Column(classId, object, attribute, known);
    }
  }

  /**
   * The columns that capture_objects names; scaler and unit are not known from it.
   *
   * @throws DlmsException where it is no list of capture objects
   */
  public static List<Column> columns(DlmsData captureObjects) throws DlmsException {
    if (!(captureObjects instanceof DlmsData.Composite list) || !ObjectList.isOne(captureObjects)) {
      throw DlmsException.malformed(0, "a profile's capture_objects is no list of objects");
    }
    List<Column> columns = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      ObjectList.Entry entry = ObjectList.entry(list.get(i));
      columns.add(new Column(entry.classId(), entry.obis(), entry.attribute(), Scaling.NONE));
    }
    return columns;
  }

  /** The scaler and unit that a register's third attribute holds; NONE where it holds none. */
  public static Scaling scaling(DlmsData scalerUnit) {
    return ObjectList.scaling(scalerUnit);
  }

  /**
   * A buffer's rows, one after the other. A row whose clock is null is one interval after the row
   * before it.
   *
   * @param columns the capture objects; the clock first
   * @param profile what the objects are for; its interval is the profile's period
   * @param buffer what the meter sent
   * @throws DlmsException where it is no buffer of such rows, or has more values than are taken
   */
  public static List<PushValue> rows(List<Column> columns, MeterProfile profile, DlmsData buffer)
      throws DlmsException {
    if (!(buffer instanceof DlmsData.Composite list) || buffer instanceof DlmsData.Structure) {
      throw DlmsException.malformed(0, "a profile's buffer is no array of rows");
    }
    ProfileRows rows = new ProfileRows(columns.stream().map(BufferReader::place).toList(), profile);
    Layout none = Plain.LAYOUT;
    List<PushValue> values = new ArrayList<>(list.size() * Math.max(1, columns.size() - 1));
    for (int r = 0; r < list.size(); r++) {
      if (!(list.get(r) instanceof DlmsData.Structure row) || row.size() != columns.size()) {
        throw DlmsException.malformed(0, "row " + (r + 1) + " of a profile has other columns");
      }
      rows.begin(row, r);
      for (int c = 0; c < row.size(); c++) {
        PushValue value = columns.get(c).attribute() == VALUE ? rows.value(row, c, none) : null;
        if (value != null) {
          if (values.size() >= PushReader.MAX_VALUES) {
            throw DlmsException.unsupported(
                0, "a profile of more than " + PushReader.MAX_VALUES + " values at once");
          }
          values.add(value);
        }
      }
    }
    return values;
  }

  private static Layout.Place place(Column column) {
    return new Layout.Place(
        column.object(),
        column.scaling(),
        column.isClock() ? Optional.of(Role.CLOCK) : Optional.empty());
  }

  /**
   * The generic layout without the units that it supposes: what a meter does not say is unknown.
   */
  private static final class Plain {
    static final Layout LAYOUT =
        new Layout(
            "read",
            "What a client read",
            java.util.Set.of(),
            java.util.Set.of(),
            Optional.empty(),
            java.util.Map.of(),
            List.of(),
            List.of(),
            java.util.Map.of());
  }
}
