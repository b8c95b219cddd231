package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * The objects that a client sees, and what it may do with each: the object_list of an Association
 * LN (IEC 62056-6-2 clause 4.4.4). Objects are taken away and brought back; a client never gets
 * more than its greatest rights (C8). Lives longer than an association. Thread-safe.
 */
public final class ObjectRights implements Rights {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int ACCESS = 1;
  private static final AttributeType MODE = AttributeType.enumerated(255);
  private static final AttributeType SELECTORS =
      AttributeType.choice(
          AttributeType.nothing(), AttributeType.array(AttributeType.integer(-128, 127), 16));

  /** class_id, version, logical_name, access_rights. */
  static final AttributeType ELEMENT =
      AttributeType.structure(
          AttributeType.longUnsigned(),
          AttributeType.unsigned(),
          AttributeType.octets(6, 6),
          AttributeType.structure(
              AttributeType.array(
                  AttributeType.structure(AttributeType.integer(0, 127), MODE, SELECTORS), 128),
              AttributeType.array(
                  AttributeType.structure(AttributeType.integer(0, 127), MODE), 128)));

  /** Whether a client sees one object, and what it may do with it, by attribute and by method. */
  private record Grant(
      boolean seen, Map<Integer, Integer> attributes, Map<Integer, Integer> methods) {
    static final Grant NONE = new Grant(false, Map.of(), Map.of());
  }

  private final Map<ObisCode, CosemObject> all = new LinkedHashMap<>();
  private final Rights greatest;
  private final Map<ObisCode, Grant> narrowed = new ConcurrentHashMap<>();

  /**
   * At first the client sees everything, with its greatest rights.
   *
   * @param all the device's objects
   * @param greatest what the client may do at most
   */
  public ObjectRights(Collection<? extends CosemObject> all, Rights greatest) {
    all.forEach(object -> this.all.put(object.identity().logicalName(), object));
    this.greatest = greatest;
  }

  @Override
  public boolean reads(CosemObject object, int attribute) {
    return may(object, attribute, READ) && greatest.reads(object, attribute);
  }

  @Override
  public boolean writes(CosemObject object, int attribute) {
    return may(object, attribute, WRITE) && greatest.writes(object, attribute);
  }

  private boolean may(CosemObject object, int attribute, int bit) {
    Grant grant = narrowed.get(object.identity().logicalName());
    return grant == null || (grant.attributes().getOrDefault(attribute, 0) & bit) != 0;
  }

  @Override
  public boolean invokes(CosemObject object, int method) {
    Grant grant = narrowed.get(object.identity().logicalName());
    return (grant == null || (grant.methods().getOrDefault(method, 0) & ACCESS) != 0)
        && greatest.invokes(object, method);
  }

  private boolean sees(ObisCode name) {
    Grant grant = narrowed.get(name);
    return grant == null || grant.seen();
  }

  /** The objects that the client sees. */
  List<CosemObject> shown() {
    return all.values().stream().filter(o -> sees(o.identity().logicalName())).toList();
  }

  /** The elements of those objects that are wanted. */
  List<DlmsData> elements(Predicate<CosemObject> wanted) {
    return shown().stream().filter(wanted).map(o -> element(o, this)).toList();
  }

  /** add_object: with the rights that it says, as far as the client may have them. */
  AccessResult add(DlmsData element) {
    DlmsData.Structure e = (DlmsData.Structure) element;
    CosemObject object = all.get(TypedAttribute.name(e.get(2)));
    if (object == null || !sameClass(object, e)) {
      return AccessResult.OBJECT_UNDEFINED;
    }
    DlmsData.Structure rights = (DlmsData.Structure) e.get(3);
    narrowed.put(
        object.identity().logicalName(),
        new Grant(true, modes(rights.get(0)), modes(rights.get(1))));
    return AccessResult.SUCCESS;
  }

  /** remove_object. */
  AccessResult remove(DlmsData element) {
    DlmsData.Structure e = (DlmsData.Structure) element;
    ObisCode name = TypedAttribute.name(e.get(2));
    CosemObject object = all.get(name);
    if (object == null || !sameClass(object, e) || !sees(name)) {
      return AccessResult.OBJECT_UNDEFINED;
    }
    narrowed.put(name, Grant.NONE);
    return AccessResult.SUCCESS;
  }

  private static boolean sameClass(CosemObject object, DlmsData.Structure element) {
    return object.identity().classId() == ((DlmsData.LongUnsigned) element.get(0)).value()
        && object.identity().version() == ((DlmsData.Unsigned8) element.get(1)).value();
  }

  private static Map<Integer, Integer> modes(DlmsData list) {
    Map<Integer, Integer> modes = new java.util.HashMap<>();
    for (DlmsData element : ((DlmsData.Array) list).elements()) {
      DlmsData.Structure s = (DlmsData.Structure) element;
      modes.put(((DlmsData.Integer8) s.get(0)).value(), ((DlmsData.Enumerated) s.get(1)).value());
    }
    return modes;
  }

  /**
   * An object as an object_list of version 3 has it: access modes are bits, 0 read (methods:
   * access), 1 write.
   */
  static DlmsData element(CosemObject object, Rights rights) {
    CosemObject.Identity id = object.identity();
    List<DlmsData> attributes = new ArrayList<>();
    for (int a = 1; a <= id.attributes(); a++) {
      attributes.add(
          DlmsData.Structure.of(
              new DlmsData.Integer8(a), mode(object, rights, a), selectors(id.classId(), a)));
    }
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(id.classId()),
        new DlmsData.Unsigned8(id.version()),
        DlmsData.OctetString.of(id.logicalName()),
        DlmsData.Structure.of(
            DlmsData.Array.of(attributes), DlmsData.Array.of(methods(object, rights))));
  }

  /** The access mode of an attribute. */
  static DlmsData mode(CosemObject object, Rights rights, int attribute) {
    return new DlmsData.Enumerated(
        (rights.reads(object, attribute) ? READ : 0)
            + (rights.writes(object, attribute) ? WRITE : 0));
  }

  /** The access modes of an object's methods. */
  static List<DlmsData> methods(CosemObject object, Rights rights) {
    List<DlmsData> methods = new ArrayList<>();
    for (int m = 1; m <= object.identity().methods(); m++) {
      methods.add(
          DlmsData.Structure.of(
              new DlmsData.Integer8(m),
              new DlmsData.Enumerated(rights.invokes(object, m) ? ACCESS : 0)));
    }
    return methods;
  }

  /** The selectors of selective access that classes have; null-data for most. */
  static DlmsData selectors(int classId, int attribute) {
    List<Integer> selectors =
        switch (classId) {
          case 7 -> attribute == 2 ? List.of(1, 2) : List.of();
          case 12 -> attribute == 2 ? List.of(1, 2) : attribute == 3 ? List.of(1, 2, 3) : List.of();
          case 15 -> attribute == 2 ? List.of(1, 2, 3, 4) : List.of();
          case 26 -> attribute == 4 ? List.of(1) : List.of();
          default -> List.of();
        };
    return selectors.isEmpty()
        ? DlmsData.NullData.of()
        : DlmsData.Array.of(selectors.stream().map(DlmsData.Integer8::new).toList());
  }
}
