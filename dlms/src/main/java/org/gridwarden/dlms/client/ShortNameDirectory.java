package org.gridwarden.dlms.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.ShortNameService.Variable;

/**
 * The short names of a meter's objects, as the association's object_list has them (IEC 62056-6-2,
 * class 12). Immutable.
 */
final class ShortNameDirectory {
  static final int ASSOCIATION_CLASS = 12;

  private static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");
  private static final int LAST_NAME = 0xFFFF;

  private final Map<ObisCode, Place> places = new HashMap<>();

  /** Where an object is. */
  private record Place(int classId, int baseName) {}

  /** A variable, or why there is none. */
  sealed interface Found {
    record At(Variable variable) implements Found {}

    record Not(AccessResult why) implements Found {}
  }

  private ShortNameDirectory() {
    places.put(CURRENT, new Place(ASSOCIATION_CLASS, MethodNames.CURRENT_ASSOCIATION));
  }

  /**
   * @param list base_name, class_id, version, logical_name of each object; what is not so is passed
   *     over
   */
  static ShortNameDirectory of(DlmsData.Array list) {
    ShortNameDirectory directory = new ShortNameDirectory();
    for (DlmsData element : list.elements()) {
      if (element instanceof DlmsData.Structure s
          && s.size() == 4
          && s.get(0) instanceof DlmsData.Whole base
          && s.get(1) instanceof DlmsData.Whole classId
          && s.get(3) instanceof DlmsData.OctetString name
          && name.length() == 6) {
        // a base name is a long: 0xFA00 is -1536
        directory.places.putIfAbsent(
            ObisCode.of(name.bytes(), 0),
            new Place((int) classId.asLong() & 0xFFFF, (int) base.asLong() & LAST_NAME));
      }
    }
    return directory;
  }

  /** An attribute or a part of it. */
  Found attribute(Service.Selected what) {
    AttributeRef ref = what.attribute();
    Optional<Place> place = Optional.ofNullable(places.get(ref.instance()));
    if (place.isEmpty() || ref.attribute() < 1) {
      return new Found.Not(AccessResult.OBJECT_UNDEFINED);
    }
    if (place.get().classId != ref.classId()) {
      return new Found.Not(AccessResult.OBJECT_CLASS_INCONSISTENT);
    }
    int name = place.get().baseName + MethodNames.STEP * (ref.attribute() - 1);
    if (name > LAST_NAME) {
      return new Found.Not(AccessResult.OBJECT_UNDEFINED);
    }
    return new Found.At(
        what.selection().isPresent()
            ? new Variable.Parameterized(name, what.selection().get())
            : new Variable.Name(name));
  }

  /** A method; empty where there is no such object, or its class's methods are not known. */
  OptionalInt method(MethodRef ref) {
    Optional<Place> place = Optional.ofNullable(places.get(ref.instance()));
    OptionalInt offset = MethodNames.offset(ref.classId(), ref.method(), 0);
    return place.isEmpty()
            || place.get().classId != ref.classId()
            || offset.isEmpty()
            || place.get().baseName + offset.getAsInt() > LAST_NAME
        ? OptionalInt.empty()
        : OptionalInt.of(place.get().baseName + offset.getAsInt());
  }
}
