package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * What is captured or pushed: capture_object_definition (IEC 62056-6-2, clause 4.3.6). Immutable.
 *
 * @param attribute which; the index 0 stands for all attributes, as a structure
 * @param dataIndex 0 for the whole attribute, else which element of a structure or array, from 1;
 *     of a profile's buffer which column
 */
public record CaptureObject(AttributeRef attribute, int dataIndex) {
  /** Nothing: class 0. */
  public static final CaptureObject NONE =
      new CaptureObject(new AttributeRef(0, new ObisCode(0), 0), 0);

  private static final int PROFILE = 7;
  private static final int BUFFER = 2;

  /** A whole attribute. */
  public static CaptureObject of(int classId, ObisCode instance, int attribute) {
    return new CaptureObject(new AttributeRef(classId, instance, attribute), 0);
  }

  /** From its structure of four. */
  static CaptureObject of(DlmsData data) throws Refusal {
    DlmsData.Structure s = Values.structure(data, 4);
    return of(s.get(0), s.get(1), s.get(2), s.get(3));
  }

  static CaptureObject of(DlmsData classId, DlmsData name, DlmsData attribute, DlmsData dataIndex)
      throws Refusal {
    return new CaptureObject(
        new AttributeRef(
            Values.longUnsigned(classId), Values.obis(name), Values.integer8(attribute)),
        Values.longUnsigned(dataIndex));
  }

  /** Its structure of four. */
  DlmsData.Structure data() {
    return DlmsData.Structure.of(elements());
  }

  List<DlmsData> elements() {
    return List.of(
        new DlmsData.LongUnsigned(attribute.classId()),
        DlmsData.OctetString.of(attribute.instance()),
        new DlmsData.Integer8(attribute.attribute()),
        new DlmsData.LongUnsigned(dataIndex));
  }

  /** The value now; null-data where there is none. */
  DlmsData read(DeviceObjects objects) {
    return read(objects, Optional.empty());
  }

  DlmsData read(DeviceObjects objects, Optional<Selection> selection) {
    if (attribute.attribute() == 0) {
      return all(objects);
    }
    DlmsData value =
        objects.get(attribute, selection) instanceof Outcome.Value(DlmsData data)
            ? data
            : DlmsData.NullData.of();
    if (dataIndex == 0) {
      return value;
    }
    if (attribute.classId() == PROFILE && attribute.attribute() == BUFFER) {
      return value instanceof DlmsData.Array rows
          ? DlmsData.Array.of(rows.elements().stream().map(this::element).toList())
          : DlmsData.NullData.of();
    }
    return element(value);
  }

  private DlmsData element(DlmsData value) {
    return switch (value) {
      case DlmsData.Composite list when dataIndex <= list.size() -> list.get(dataIndex - 1);
      case DlmsData.Composite _ -> DlmsData.NullData.of();
      // of a simple attribute the index has no meaning
      default -> value;
    };
  }

  private DlmsData all(DeviceObjects objects) {
    Optional<CosemObject> object = objects.find(attribute.instance());
    if (object.isEmpty() || object.get().identity().classId() != attribute.classId()) {
      return DlmsData.NullData.of();
    }
    List<DlmsData> values = new ArrayList<>();
    for (int i = 1; i <= object.get().identity().attributes(); i++) {
      values.add(of(attribute.classId(), attribute.instance(), i).read(objects, Optional.empty()));
    }
    return DlmsData.Structure.of(values);
  }
}
