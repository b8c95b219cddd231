package org.gridwarden.dlms.meter;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.objects.CosemObject;

/**
 * The short names of a device's objects: base names that follow one another in the device's order,
 * each with room for its object's attributes and methods (IEC 62056-6-2, clause 4.1.3). An object
 * that finds no room below the association's own name has none. Immutable.
 */
final class ShortNameTable {
  private static final int FIRST = 0x0100;

  private final TreeMap<Integer, CosemObject> objects = new TreeMap<>();

  /** What a short name stands for. */
  sealed interface Place {
    /** An attribute; index from 1. */
    record Attribute(CosemObject object, int index) implements Place {}

    /** A method; index from 1. */
    record Method(CosemObject object, int index) implements Place {}
  }

  private ShortNameTable() {}

  static ShortNameTable of(LogicalDevice device) {
    ShortNameTable table = new ShortNameTable();
    int base = FIRST;
    for (CosemObject object : device.objects()) {
      CosemObject.Identity id = object.identity();
      int size =
          Math.max(
              id.attributes() * MethodNames.STEP,
              method(id, id.methods()).orElse(0) + MethodNames.STEP);
      if (base + size > MethodNames.CURRENT_ASSOCIATION) {
        break;
      }
      table.objects.put(base, object);
      base += size;
    }
    return table;
  }

  private static OptionalInt method(CosemObject.Identity id, int method) {
    return MethodNames.offset(id.classId(), method, id.attributes());
  }

  /** All objects by their base names. */
  Map<Integer, CosemObject> objects() {
    return objects;
  }

  /** An attribute's short name. */
  OptionalInt attribute(CosemObject.Identity id, int index) {
    for (Map.Entry<Integer, CosemObject> entry : objects.entrySet()) {
      if (entry.getValue().identity().logicalName().equals(id.logicalName())) {
        return OptionalInt.of(entry.getKey() + MethodNames.STEP * (index - 1));
      }
    }
    return OptionalInt.empty();
  }

  /** What a name stands for, the association itself aside. */
  Optional<Place> place(int name) {
    Map.Entry<Integer, CosemObject> entry = objects.floorEntry(name);
    return entry == null ? Optional.empty() : place(entry.getValue(), name - entry.getKey());
  }

  /** What stands at a distance from an object's base name. */
  static Optional<Place> place(CosemObject object, int offset) {
    CosemObject.Identity id = object.identity();
    if (offset % MethodNames.STEP != 0) {
      return Optional.empty();
    }
    int attribute = offset / MethodNames.STEP + 1;
    if (attribute <= id.attributes()) {
      return Optional.of(new Place.Attribute(object, attribute));
    }
    OptionalInt first = method(id, 1);
    if (first.isEmpty() || offset < first.getAsInt()) {
      return Optional.empty();
    }
    int method = (offset - first.getAsInt()) / MethodNames.STEP + 1;
    return method <= id.methods()
        ? Optional.of(new Place.Method(object, method))
        : Optional.empty();
  }
}
