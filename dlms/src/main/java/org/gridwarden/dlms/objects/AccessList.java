package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;

/**
 * The object_list and the authentication_mechanism_name of an Association LN (class 15), as values
 * and back. Pure functions.
 */
public final class AccessList {
  /** So many objects a list has at most. */
  public static final int MOST = 4_096;

  private static final int MOST_MODES = 256;
  private static final int NAME = 6;
  private static final int MECHANISM = 7;

  private AccessList() {}

  /** What a client may do with a device's objects, those with which it may do nothing included. */
  public static List<AccessRights> of(Collection<? extends CosemObject> objects, Rights rights) {
    List<AccessRights> all = new ArrayList<>();
    for (CosemObject object : objects) {
      CosemObject.Identity id = object.identity();
      SortedMap<Integer, Integer> attributes = new TreeMap<>();
      for (int a = 1; a <= id.attributes(); a++) {
        attributes.put(
            a,
            (rights.reads(object, a) ? AccessRights.READ : 0)
                + (rights.writes(object, a) ? AccessRights.WRITE : 0));
      }
      SortedMap<Integer, Integer> methods = new TreeMap<>();
      for (int m = 1; m <= id.methods(); m++) {
        methods.put(m, rights.invokes(object, m) ? AccessRights.READ : 0);
      }
      all.add(new AccessRights(id.classId(), id.version(), id.logicalName(), attributes, methods));
    }
    return all;
  }

  /**
   * Reads an object_list, of whatever version: a mode is the number that stands there, true being
   * 1.
   *
   * @throws DlmsException MALFORMED where it is none, or longer than {@link #MOST}
   */
  public static List<AccessRights> decode(DlmsData list) throws DlmsException {
    if (!(list instanceof DlmsData.Array array) || array.size() > MOST) {
      throw malformed("an object list is an array of at most " + MOST + " objects");
    }
    List<AccessRights> all = new ArrayList<>(array.size());
    for (DlmsData element : array.elements()) {
      all.add(element(element));
    }
    return all;
  }

  private static AccessRights element(DlmsData element) throws DlmsException {
    if (element instanceof DlmsData.Structure s
        && s.size() == 4
        && s.get(0) instanceof DlmsData.Whole classId
        && s.get(1) instanceof DlmsData.Whole version
        && s.get(2) instanceof DlmsData.OctetString name
        && name.length() == NAME
        && s.get(3) instanceof DlmsData.Structure rights
        && rights.size() == 2) {
      try {
        return new AccessRights(
            Math.toIntExact(classId.asLong()),
            Math.toIntExact(version.asLong()),
            ObisCode.of(name.bytes(), 0),
            modes(rights.get(0)),
            modes(rights.get(1)));
      } catch (ArithmeticException | IllegalArgumentException e) {
        throw malformed(String.valueOf(e.getMessage()));
      }
    }
    throw malformed("an object list's element is class, version, logical name and access rights");
  }

  private static SortedMap<Integer, Integer> modes(DlmsData list) throws DlmsException {
    if (!(list instanceof DlmsData.Array array) || array.size() > MOST_MODES) {
      throw malformed("access rights are arrays of at most " + MOST_MODES + " elements");
    }
    SortedMap<Integer, Integer> modes = new TreeMap<>();
    for (DlmsData element : array.elements()) {
      if (!(element instanceof DlmsData.Structure s)
          || s.size() < 2
          || !(s.get(0) instanceof DlmsData.Whole number)) {
        throw malformed("an access right is the number of an attribute or method, and a mode");
      }
      modes.put(Math.toIntExact(number.asLong()), mode(s.get(1)));
    }
    return modes;
  }

  private static int mode(DlmsData mode) throws DlmsException {
    return switch (mode) {
      case DlmsData.Enumerated e -> e.value();
      case DlmsData.Bool b -> b.value() ? AccessRights.READ : 0;
      default -> throw malformed("an access mode is an enumeration, or a boolean in old versions");
    };
  }

  /**
   * The object_list of these rights, as version 3 has it; attributes without access are not in it.
   */
  public static DlmsData encode(List<AccessRights> objects) {
    List<DlmsData> elements = new ArrayList<>();
    for (AccessRights object : objects) {
      List<DlmsData> attributes = new ArrayList<>();
      for (Map.Entry<Integer, Integer> one : object.attributes().entrySet()) {
        attributes.add(
            DlmsData.Structure.of(
                new DlmsData.Integer8(one.getKey()),
                new DlmsData.Enumerated(one.getValue()),
                ObjectRights.selectors(object.classId(), one.getKey())));
      }
      List<DlmsData> methods = new ArrayList<>();
      for (Map.Entry<Integer, Integer> one : object.methods().entrySet()) {
        methods.add(
            DlmsData.Structure.of(
                new DlmsData.Integer8(one.getKey()), new DlmsData.Enumerated(one.getValue())));
      }
      elements.add(
          DlmsData.Structure.of(
              new DlmsData.LongUnsigned(object.classId()),
              new DlmsData.Unsigned8(object.version()),
              DlmsData.OctetString.of(object.object()),
              DlmsData.Structure.of(DlmsData.Array.of(attributes), DlmsData.Array.of(methods))));
    }
    return DlmsData.Array.of(elements);
  }

  /**
   * A mechanism's name: joint-iso-ccitt(2) country(16) (756) (5) DLMS-UA(8) mechanism(2) and it.
   */
  public static DlmsData mechanism(Acse.Mechanism mechanism) {
    return AssociationLn.mechanismName(mechanism);
  }

  /**
   * The number of a mechanism: 0 none, 1 low, 2 to 7 those of high level security.
   *
   * @throws DlmsException MALFORMED where it is no name of one
   */
  public static int mechanism(DlmsData name) throws DlmsException {
    long last =
        switch (name) {
          case DlmsData.OctetString octets when octets.length() == MECHANISM ->
              octets.bytes()[MECHANISM - 1];
          // as a structure of arcs, which many meters have
          case DlmsData.Structure arcs
              when arcs.size() == MECHANISM
                  && arcs.get(MECHANISM - 1) instanceof DlmsData.Whole arc ->
              arc.asLong();
          default -> -1;
        };
    if (last < 0 || last > MECHANISM) {
      throw malformed("a mechanism's name is an object identifier that ends in 0 to 7");
    }
    return (int) last;
  }

  private static DlmsException malformed(String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, what);
  }
}
