package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * Association LN (class 15, version 3, IEC 62056-6-2 clause 4.4.4): one association as its client
 * sees it. Made anew for each association; what lives longer, the objects' rights and the users, is
 * given to it. The secret is written and never read.
 *
 * <p>Thread-safe where the control is: everything else that it holds is.
 */
public final class AssociationLn extends InterfaceObject {
  /** The association in which one asks. */
  public static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");

  private static final int CLASS = 15;
  private static final int SECRET = 7;
  private static final int USERS = 10;
  private static final int REPLY_TO_HLS = 1;
  private static final int ALL = 1;
  private static final int BY_CLASS = 2;
  private static final int BY_IDS = 3;
  private static final int BY_ID = 4;
  private static final int MOST = 256;
  private static final AttributeType CLASSES =
      AttributeType.array(AttributeType.longUnsigned(), MOST);
  private static final AttributeType ID =
      AttributeType.structure(AttributeType.longUnsigned(), AttributeType.octets(6, 6));
  private static final AttributeType IDS = AttributeType.array(ID, MOST);

  /** What a client commonly may do with it: read all but the secret, and prove itself. */
  public static final Rights COMMON = rights(Rights.READ_ALL);

  /**
   * What a client may do with its association: read all but the secret and prove itself, and beyond
   * that what it may do with any object. By that it never gets more rights, only fewer.
   */
  public static Rights rights(Rights greatest) {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return attribute != SECRET;
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return (attribute == SECRET || attribute == USERS) && greatest.writes(object, attribute);
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return method == REPLY_TO_HLS || greatest.invokes(object, method);
      }
    };
  }

  private final AssociationControl control;
  private final ObjectRights objects;
  private final Rights own;

  /**
   * @param control the association
   * @param objects what the client sees of the device
   * @param users who may use the association
   * @param securitySetup the Security setup object that it refers to; empty for none
   * @param own what the client may do with this object, for the object list to say
   */
  public AssociationLn(
      ObisCode logicalName,
      AssociationControl control,
      ObjectRights objects,
      AssociationUsers users,
      Optional<ObisCode> securitySetup,
      Rights own) {
    super(CLASS, 3, logicalName, 11, 6);
    this.control = control;
    this.objects = objects;
    this.own = own;
    selective(2, this::objectList);
    attribute(3, this::partners);
    attribute(4, () -> contextName(control.agreed().context()));
    attribute(5, this::context);
    attribute(6, () -> mechanismName(control.agreed().mechanism()));
    attribute(SECRET, DlmsData.NullData::of, this::secret);
    selective(SECRET, _ -> new Outcome.Refused(AccessResult.READ_WRITE_DENIED));
    attribute(8, () -> new DlmsData.Enumerated(control.agreed().status().code()));
    attribute(
        9, () -> securitySetup.map(DlmsData.OctetString::of).orElseGet(DlmsData.OctetString::of));
    attribute(USERS, users::list, users::list);
    attribute(11, () -> users.current(control.agreed().user()));
    method(REPLY_TO_HLS, this::prove);
    method(2, AttributeType.octets(1, 64), this::secret);
    method(3, ObjectRights.ELEMENT, objects::add);
    method(4, ObjectRights.ELEMENT, objects::remove);
    method(5, users.type(), users::add);
    method(6, users.type(), users::remove);
  }

  // --- attributes

  private Outcome objectList(Optional<Selection> selection) {
    if (selection.isEmpty()) {
      return list(_ -> true, true);
    }
    DlmsData parameters = selection.get().parameters();
    AttributeType type =
        switch (selection.get().selector()) {
          case ALL -> AttributeType.nothing();
          case BY_CLASS -> CLASSES;
          case BY_IDS -> IDS;
          case BY_ID -> ID;
          default -> _ -> AccessResult.SCOPE_OF_ACCESS_VIOLATED;
        };
    AccessResult fits = type.check(parameters);
    if (!fits.isSuccess()) {
      return new Outcome.Refused(fits);
    }
    return switch (selection.get().selector()) {
      case ALL -> list(_ -> true, false);
      case BY_CLASS -> {
        Set<Integer> classes =
            ((DlmsData.Array) parameters)
                .elements().stream()
                    .map(d -> ((DlmsData.LongUnsigned) d).value())
                    .collect(Collectors.toSet());
        yield list(o -> classes.contains(o.identity().classId()), false);
      }
      case BY_IDS -> {
        Set<DlmsData> ids = Set.copyOf(((DlmsData.Array) parameters).elements());
        yield list(o -> ids.contains(id(o)), true);
      }
      default -> {
        DlmsData.Array found =
            (DlmsData.Array) ((Outcome.Value) list(o -> parameters.equals(id(o)), true)).data();
        yield found.size() == 0
            ? new Outcome.Refused(AccessResult.OBJECT_UNDEFINED)
            : new Outcome.Value(found.get(0));
      }
    };
  }

  private static DlmsData id(CosemObject object) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(object.identity().classId()),
        DlmsData.OctetString.of(object.identity().logicalName()));
  }

  private Outcome list(Predicate<CosemObject> wanted, boolean withRights) {
    List<DlmsData> elements = new ArrayList<>();
    if (wanted.test(this)) {
      elements.add(ObjectRights.element(this, own));
    }
    elements.addAll(objects.elements(wanted));
    return new Outcome.Value(
        DlmsData.Array.of(
            withRights ? elements : elements.stream().map(AssociationLn::withoutRights).toList()));
  }

  /** As selectors 1 and 2 have it: no access rights. */
  private static DlmsData withoutRights(DlmsData element) {
    DlmsData.Structure s = (DlmsData.Structure) element;
    return DlmsData.Structure.of(
        s.get(0),
        s.get(1),
        s.get(2),
        DlmsData.Structure.of(DlmsData.Array.of(), DlmsData.Array.of()));
  }

  private DlmsData partners() {
    return DlmsData.Structure.of(
        new DlmsData.Integer8(control.agreed().clientSap()),
        new DlmsData.LongUnsigned(control.agreed().serverSap()));
  }

  private DlmsData context() {
    AssociationControl.Agreed agreed = control.agreed();
    int bits = agreed.conformance().bits();
    return DlmsData.Structure.of(
        DlmsData.BitString.of(
            new byte[] {(byte) (bits >> 16), (byte) (bits >> 8), (byte) bits}, 24),
        new DlmsData.LongUnsigned(agreed.maxReceive()),
        new DlmsData.LongUnsigned(agreed.maxSend()),
        new DlmsData.Unsigned8(6), // the version of DLMS
        new DlmsData.Integer8(0), // quality of service, not used
        DlmsData.OctetString.of()); // the dedicated key, which nobody reads
  }

  /** joint-iso-ccitt(2) country(16) (756) organization(5) DLMS-UA(8) context(1), as BER has it. */
  static DlmsData contextName(Acse.Context context) {
    int arc = (context.logicalName() ? 1 : 2) + (context.ciphered() ? 2 : 0);
    return objectIdentifier(1, arc);
  }

  /** The same with mechanism(2). */
  static DlmsData mechanismName(Acse.Mechanism mechanism) {
    int arc =
        switch (mechanism) {
          case NONE -> 0;
          case LLS -> 1;
          case HLS_MANUFACTURER -> 2;
          case HLS_MD5 -> 3;
          case HLS_SHA1 -> 4;
          case HLS_GMAC -> 5;
          case HLS_SHA256 -> 6;
          case HLS_ECDSA -> 7;
        };
    return objectIdentifier(2, arc);
  }

  private static DlmsData objectIdentifier(int kind, int arc) {
    return DlmsData.OctetString.of(
        (byte) 0x60, (byte) 0x85, (byte) 0x74, (byte) 5, (byte) 8, (byte) kind, (byte) arc);
  }

  // --- methods

  private Service.Invoked prove(Optional<DlmsData> parameters) {
    return prove(control, parameters);
  }

  /** reply_to_HLS_authentication, alike with logical and short names. */
  static Service.Invoked prove(AssociationControl control, Optional<DlmsData> parameters) {
    if (!(parameters.orElse(DlmsData.NullData.of()) instanceof DlmsData.OctetString proof)) {
      return result(AccessResult.TYPE_UNMATCHED);
    }
    return control
        .proves(proof.bytes())
        .map(ours -> returning(DlmsData.OctetString.of(ours)))
        .orElseGet(() -> result(AccessResult.READ_WRITE_DENIED));
  }

  private AccessResult secret(DlmsData secret) {
    AccessResult fits = AttributeType.octets(1, 64).check(secret);
    return fits.isSuccess() ? control.secret(((DlmsData.OctetString) secret).bytes()) : fits;
  }
}
