package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * Association SN (class 12, version 4, IEC 62056-6-2 clause 4.4.3): one association with short
 * names as its client sees it. Made anew for each association. Methods 1, 2, 4, 6 and 7 are the
 * standard's own reserves.
 *
 * <p>Thread-safe where the control is: everything else that it holds is.
 */
public final class AssociationSn extends InterfaceObject {
  /** Its short name, by the standard. */
  public static final int BASE_NAME = 0xFA00;

  /** The class id. */
  public static final int CLASS = 12;

  /** The method by which a client proves itself. */
  public static final int REPLY_TO_HLS = 8;

  private static final int USERS = 5;
  private static final int READ_BY_LOGICAL_NAME = 3;
  private static final int MOST = 16;
  private static final AttributeType CLASS_ID = AttributeType.longUnsigned();
  private static final AttributeType ID =
      AttributeType.structure(AttributeType.longUnsigned(), AttributeType.octets(6, 6));
  private static final AttributeType WANTED =
      AttributeType.array(
          AttributeType.structure(
              AttributeType.longUnsigned(),
              AttributeType.octets(6, 6),
              AttributeType.integer(0, 127)),
          MOST);

  /** What a client may do with its association, as {@link AssociationLn#rights}. */
  public static Rights rights(Rights greatest) {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return true;
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return attribute == USERS && greatest.writes(object, attribute);
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return method == READ_BY_LOGICAL_NAME
            || method == REPLY_TO_HLS
            || greatest.invokes(object, method);
      }
    };
  }

  private final Map<Integer, CosemObject> names = new TreeMap<>();
  private final Rights rights;
  private final Rights own;

  /**
   * @param control the association
   * @param names the device's objects by their base names, 0 to 0xFFFF
   * @param rights what the client may do with them
   * @param users who may use the association
   * @param securitySetup the Security setup object that it refers to; empty for none
   * @param own what the client may do with this object
   */
  public AssociationSn(
      ObisCode logicalName,
      AssociationControl control,
      Map<Integer, ? extends CosemObject> names,
      Rights rights,
      AssociationUsers users,
      Optional<ObisCode> securitySetup,
      Rights own) {
    super(CLASS, 4, logicalName, 6, 10);
    this.names.putAll(names);
    this.names.put(BASE_NAME, this);
    this.rights = rights;
    this.own = own;
    selective(2, this::objectList);
    selective(3, this::accessRights);
    attribute(
        4, () -> securitySetup.map(DlmsData.OctetString::of).orElseGet(DlmsData.OctetString::of));
    attribute(USERS, users::list, users::list);
    attribute(6, () -> users.current(control.agreed().user()));
    method(READ_BY_LOGICAL_NAME, this::readByLogicalName);
    method(
        5,
        AttributeType.octets(1, 64),
        secret -> control.secret(((DlmsData.OctetString) secret).bytes()));
    method(REPLY_TO_HLS, parameters -> AssociationLn.prove(control, parameters));
    method(9, users.type(), users::add);
    method(10, users.type(), users::remove);
  }

  /** A base name is a long: 0xFA00 is -1536. */
  private static DlmsData baseName(int name) {
    return new DlmsData.Long16((short) name);
  }

  private List<DlmsData> objects(BiPredicate<Integer, CosemObject> wanted, boolean withRights) {
    List<DlmsData> elements = new ArrayList<>();
    names.forEach((name, object) -> {
      if (wanted.test(name, object)) {
        elements.add(withRights ? accessRights(name, object) : element(name, object));
      }
    });
    return elements;
  }

  private static DlmsData element(int name, CosemObject object) {
    return DlmsData.Structure.of(
        baseName(name),
        new DlmsData.LongUnsigned(object.identity().classId()),
        new DlmsData.Unsigned8(object.identity().version()),
        DlmsData.OctetString.of(object.identity().logicalName()));
  }

  private Rights rights(CosemObject object) {
    return object == this ? own : rights;
  }

  private DlmsData accessRights(int name, CosemObject object) {
    List<DlmsData> attributes = new ArrayList<>();
    for (int a = 1; a <= object.identity().attributes(); a++) {
      attributes.add(
          DlmsData.Structure.of(
              new DlmsData.Integer8(a),
              ObjectRights.mode(object, rights(object), a),
              ObjectRights.selectors(object.identity().classId(), a)));
    }
    return DlmsData.Structure.of(
        baseName(name),
        DlmsData.Array.of(attributes),
        DlmsData.Array.of(ObjectRights.methods(object, rights(object))));
  }

  private Outcome objectList(Optional<Selection> selection) {
    return selected(selection, false);
  }

  private Outcome accessRights(Optional<Selection> selection) {
    return selected(selection, true);
  }

  /** Selectors: 1 by class, 2 by class and logical name, 3 by base name (access rights only). */
  private Outcome selected(Optional<Selection> selection, boolean withRights) {
    if (selection.isEmpty()) {
      return new Outcome.Value(DlmsData.Array.of(objects((_, _) -> true, withRights)));
    }
    DlmsData parameters = selection.get().parameters();
    return switch (selection.get().selector()) {
      case 1 ->
          CLASS_ID.fits(parameters)
              ? new Outcome.Value(
                  DlmsData.Array.of(objects((_, o) -> isClass(o, parameters), withRights)))
              : new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
      case 2 ->
          ID.fits(parameters)
              ? one(
                  objects(
                      (_, o) ->
                          isClass(o, ((DlmsData.Structure) parameters).get(0))
                              && isNamed(o, ((DlmsData.Structure) parameters).get(1)),
                      withRights))
              : new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
      case 3 ->
          withRights && parameters instanceof DlmsData.Long16
              ? one(objects((name, _) -> baseName(name).equals(parameters), true))
              : new Outcome.Refused(
                  withRights ? AccessResult.TYPE_UNMATCHED : AccessResult.SCOPE_OF_ACCESS_VIOLATED);
      default -> new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    };
  }

  private static Outcome one(List<DlmsData> found) {
    return found.isEmpty()
        ? new Outcome.Refused(AccessResult.OBJECT_UNDEFINED)
        : new Outcome.Value(found.getFirst());
  }

  private static boolean isClass(CosemObject object, DlmsData id) {
    return object.identity().classId() == ((DlmsData.LongUnsigned) id).value();
  }

  private static boolean isNamed(CosemObject object, DlmsData name) {
    return object.identity().logicalName().equals(TypedAttribute.name(name));
  }

  /**
   * 3, read_by_logicalname: a structure of the values, in the order asked; index 0 stands for all
   * attributes, as a structure. One that may not be read refuses the whole, by the standard.
   */
  private Service.Invoked readByLogicalName(Optional<DlmsData> parameters) {
    DlmsData given = parameters.orElse(DlmsData.NullData.of());
    AccessResult fits = WANTED.check(given);
    if (!fits.isSuccess()) {
      return result(fits);
    }
    List<DlmsData> values = new ArrayList<>();
    for (DlmsData wanted : ((DlmsData.Array) given).elements()) {
      Outcome outcome = read((DlmsData.Structure) wanted);
      if (outcome instanceof Outcome.Refused(AccessResult why)) {
        return result(why);
      }
      values.add(((Outcome.Value) outcome).data());
    }
    return returning(DlmsData.Structure.of(values));
  }

  private Outcome read(DlmsData.Structure wanted) {
    Optional<CosemObject> found =
        names.values().stream()
            .filter(o -> isClass(o, wanted.get(0)) && isNamed(o, wanted.get(1)))
            .findFirst();
    if (found.isEmpty()) {
      return new Outcome.Refused(AccessResult.OBJECT_UNDEFINED);
    }
    int attribute = ((DlmsData.Integer8) wanted.get(2)).value();
    if (attribute != 0) {
      return read(found.get(), attribute);
    }
    List<DlmsData> all = new ArrayList<>();
    for (int a = 1; a <= found.get().identity().attributes(); a++) {
      Outcome outcome = read(found.get(), a);
      if (!(outcome instanceof Outcome.Value(DlmsData value))) {
        return outcome;
      }
      all.add(value);
    }
    return new Outcome.Value(DlmsData.Structure.of(all));
  }

  private Outcome read(CosemObject object, int attribute) {
    if (attribute > object.identity().attributes()) {
      return new Outcome.Refused(AccessResult.OBJECT_UNDEFINED);
    }
    if (!rights(object).reads(object, attribute)) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    return attribute == AttributeRef.LOGICAL_NAME
        ? new Outcome.Value(DlmsData.OctetString.of(object.identity().logicalName()))
        : object.get(attribute, Optional.empty());
  }
}
