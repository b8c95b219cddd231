package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * Object lists: the push_object_list of a push setup and the capture_objects of a profile, arrays
 * of structures that begin with class id, logical name, attribute index, data index (IEC 62056-6-2,
 * classes 40 and 7).
 */
final class ObjectList {
  private static final int PUSH_SETUP = 40;
  private static final int CLOCK = 8;

  private ObjectList() {}

  /** An entry: which attribute of which object. */
  record Entry(int classId, ObisCode obis, int attribute) {}

  /** Whether a value is a non-empty object list. */
  static boolean isOne(DlmsData data) {
    if (!(data instanceof DlmsData.Array array) || array.size() == 0) {
      return false;
    }
    for (int i = 0; i < array.size(); i++) {
      if (!isEntry(array.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEntry(DlmsData data) {
    return data instanceof DlmsData.Structure s
        && s.size() >= 4
        && s.get(0) instanceof DlmsData.LongUnsigned
        && ItemPattern.isObis(s.get(1))
        && s.get(2) instanceof DlmsData.Integer8
        && s.get(3) instanceof DlmsData.LongUnsigned;
  }

  /** Whether a list brings its own description: an object list, then a value for each entry. */
  static boolean describes(DlmsData.Composite list) {
    return list.size() >= 2 && isOne(list.get(0)) && shift(list) >= 0;
  }

  /**
   * How far the values stand behind the entries: 0 where the object list itself is the first entry,
   * 1 where the list stands before its values, -1 where it does not fit them.
   */
  static int shift(DlmsData.Composite list) {
    DlmsData.Array objects = (DlmsData.Array) list.get(0);
    Entry first = entry(objects.get(0));
    boolean itself = first.classId() == PUSH_SETUP && first.attribute() == 2;
    if (itself && objects.size() == list.size()) {
      return 0;
    }
    return objects.size() == list.size() - 1 ? 1 : -1;
  }

  static Entry entry(DlmsData data) {
    DlmsData.Structure s = (DlmsData.Structure) data;
    return new Entry(
        ((DlmsData.LongUnsigned) s.get(0)).value(),
        ItemPattern.obis(s.get(1)),
        ((DlmsData.Integer8) s.get(2)).value());
  }

  /** The columns that capture objects describe. */
  static List<Layout.Place> columns(DlmsData.Composite list) {
    List<Layout.Place> columns = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      Entry entry = entry(list.get(i));
      Optional<Role> role = entry.classId() == CLOCK ? Optional.of(Role.CLOCK) : Optional.empty();
      columns.add(new Layout.Place(entry.obis(), Scaling.NONE, role));
    }
    return columns;
  }

  /** The scaler and unit that a value is; unknown where it is none. */
  static Scaling scaling(DlmsData data) {
    return data instanceof DlmsData.Structure s
            && s.size() == 2
            && s.get(0) instanceof DlmsData.Integer8 scaler
            && s.get(1) instanceof DlmsData.Enumerated unit
        ? Scaling.of(scaler.value(), Unit.of(unit.value()))
        : Scaling.NONE;
  }
}
