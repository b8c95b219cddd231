package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Selection;

/**
 * What is pushed or compacted, of a profile perhaps only some rows and columns: object_definition
 * with restriction_element and columns (IEC 62056-6-2, clauses 4.3.10 and 4.4.8). Immutable.
 *
 * @param object the attribute
 * @param restriction 0 none, 1 by date, 2 by entry
 * @param from the first date or entry; null-data without restriction
 * @param to the last date or entry; null-data without restriction
 * @param columns which ones; empty for all
 */
public record RestrictedObject(
    CaptureObject object,
    int restriction,
    DlmsData from,
    DlmsData to,
    List<CaptureObject> columns) {
  private static final int NONE = 0;
  private static final int BY_ENTRY = 2;
  private static final int PROFILE = 7;
  private static final int BUFFER = 2;
  private static final CaptureObject CLOCK =
      CaptureObject.of(8, ObisCode.of(0, 0, 1, 0, 0, 255), 2);

  public RestrictedObject {
    columns = List.copyOf(columns);
  }

  /** A whole attribute, or an element of it. */
  public static RestrictedObject of(CaptureObject object) {
    return new RestrictedObject(
        object, NONE, DlmsData.NullData.of(), DlmsData.NullData.of(), List.of());
  }

  /**
   * From a structure.
   *
   * @param size 4 without restriction, 5 with one, 6 with columns, too
   */
  static RestrictedObject of(DlmsData data, int size) throws Refusal {
    DlmsData.Structure s = Values.structure(data, size);
    CaptureObject object = CaptureObject.of(s.get(0), s.get(1), s.get(2), s.get(3));
    if (size == 4) {
      return of(object);
    }
    List<CaptureObject> columns = new ArrayList<>();
    for (DlmsData column : size == 6 ? Values.array(s.get(5)) : List.<DlmsData>of()) {
      columns.add(CaptureObject.of(column));
    }
    DlmsData.Structure r = Values.structure(s.get(4), 2);
    int restriction = Values.enumerated(r.get(0), NONE, BY_ENTRY);
    DlmsData from = DlmsData.NullData.of();
    DlmsData to = DlmsData.NullData.of();
    if (restriction == NONE) {
      if (!(r.get(1) instanceof DlmsData.NullData)) {
        throw Refusal.type();
      }
    } else {
      DlmsData.Structure range = Values.structure(r.get(1), 2);
      from = Values.own(range.get(0));
      to = Values.own(range.get(1));
      bound(restriction, from);
      bound(restriction, to);
    }
    return new RestrictedObject(object, restriction, from, to, columns);
  }

  private static void bound(int restriction, DlmsData data) throws Refusal {
    if (restriction == BY_ENTRY) {
      if (Values.whole(data).asLong() < 0) {
        throw Refusal.value();
      }
    } else if (data instanceof DlmsData.OctetString s && s.length() == 5) {
      CosemDate.of(data);
    } else {
      Values.dateTime(data);
    }
  }

  DlmsData data(int size) {
    List<DlmsData> fields = new ArrayList<>(object.elements());
    if (size > 4) {
      fields.add(
          DlmsData.Structure.of(
              new DlmsData.Enumerated(restriction),
              restriction == NONE ? DlmsData.NullData.of() : DlmsData.Structure.of(from, to)));
    }
    if (size > 5) {
      fields.add(DlmsData.Array.of(columns.stream().map(CaptureObject::data).toList()));
    }
    return DlmsData.Structure.of(fields);
  }

  /** The value now; null-data where there is none. */
  DlmsData read(DeviceObjects objects) {
    boolean buffer =
        object.attribute().classId() == PROFILE && object.attribute().attribute() == BUFFER;
    return object.read(
        objects,
        !buffer || (restriction == NONE && columns.isEmpty())
            ? Optional.empty()
            : Optional.of(selection()));
  }

  /** As a client would select: by date with columns, or by entry with all of them. */
  private Selection selection() {
    if (restriction == BY_ENTRY) {
      return Selection.entries(whole(from), whole(to));
    }
    return new Selection(
        Selection.BY_RANGE,
        DlmsData.Structure.of(
            CLOCK.data(),
            restriction == NONE ? open() : day(from, false),
            restriction == NONE ? open() : day(to, true),
            DlmsData.Array.of(columns.stream().map(CaptureObject::data).toList())));
  }

  private static long whole(DlmsData data) {
    return data instanceof DlmsData.Whole n ? n.asLong() & 0xFFFF_FFFFL : 0;
  }

  private static DlmsData open() {
    return DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED);
  }

  /** A date as a date-time: the beginning of its day, or the end. */
  private static DlmsData day(DlmsData data, boolean end) {
    if (data instanceof DlmsData.OctetString s && s.length() == 5) {
      return DlmsData.OctetString.of(
          new CosemDateTime(
              s.at(0) << 8 | s.at(1),
              s.at(2),
              s.at(3),
              s.at(4),
              end ? 23 : 0,
              end ? 59 : 0,
              end ? 59 : 0,
              end ? 99 : 0,
              CosemDateTime.NO_DEVIATION,
              0));
    }
    return data;
  }
}
