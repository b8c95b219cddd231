package org.gridwarden.cosem;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client may do with an object, as an entry of an association's object list says it (IEC
 * 62056-6-2, clause 4.4.4). Immutable.
 *
 * @param classId the interface class, 1 to 65,535
 * @param version the class's version, 0 to 255
 * @param object which object
 * @param attributes the access mode of each attribute, 1 to 255: bit 0 read, bit 1 write from
 *     version 3 of the association on, higher bits what protection is asked for; attributes without
 *     access are left out
 * @param methods the same of methods: bit 0 access
 */
public record AccessRights(
    int classId,
    int version,
    ObisCode object,
    SortedMap<Integer, Integer> attributes,
    SortedMap<Integer, Integer> methods)
    implements Comparable<AccessRights> {
  /** May be read. */
  public static final int READ = 1;

  /** May be written. */
  public static final int WRITE = 2;

  /**
   * @throws IllegalArgumentException where a number is out of its range
   */
  public AccessRights {
    if (classId < 1 || classId > 0xFFFF || version < 0 || version > 255) {
      throw new IllegalArgumentException(
          "a class is 1 to 65535 with a version of 0 to 255, not " + classId + "/" + version);
    }
    attributes = some(attributes);
    methods = some(methods);
  }

  private static SortedMap<Integer, Integer> some(Map<Integer, Integer> modes) {
    SortedMap<Integer, Integer> kept = new TreeMap<>();
    modes.forEach((number, mode) -> {
      if (number < -128 || number > 127 || mode < 0 || mode > 255) {
        throw new IllegalArgumentException(
            "an attribute or method is -128 to 127 and its mode 0 to 255, not "
                + number
                + " with "
                + mode);
      }
      if (mode != 0) {
        kept.put(number, mode);
      }
    });
    return Collections.unmodifiableSortedMap(kept);
  }

  /** Whether nothing at all may be done with it. */
  public boolean nothing() {
    return attributes.isEmpty() && methods.isEmpty();
  }

  /** Whether another entry is of the same object. */
  public boolean same(AccessRights other) {
    return classId == other.classId && object.equals(other.object);
  }

  /** By object, then by class. */
  @Override
  public int compareTo(AccessRights other) {
    int by = object.compareTo(other.object);
    by = by != 0 ? by : Integer.compare(classId, other.classId);
    by = by != 0 ? by : Integer.compare(version, other.version);
    by = by != 0 ? by : attributes.toString().compareTo(other.attributes.toString());
    return by != 0 ? by : methods.toString().compareTo(other.methods.toString());
  }
}
