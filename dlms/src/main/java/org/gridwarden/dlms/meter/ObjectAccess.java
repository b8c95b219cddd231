package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;

/** A client's way to a device's objects, with the client's rights, whatever service asks. */
final class ObjectAccess {
  /** The attribute index that stands for all attributes. */
  private static final int ALL = 0;

  private final LogicalDevice device;
  private final Rights rights;
  private final Conformance conformance;
  private final CurrentAssociation current;

  /**
   * @param rights what the client may do with the device's objects
   * @param current the association itself
   */
  ObjectAccess(
      LogicalDevice device, Rights rights, Conformance conformance, CurrentAssociation current) {
    this.device = device;
    this.rights = rights;
    this.conformance = conformance;
    this.current = current;
  }

  /** The association itself, as the client sees it. */
  CosemObject current() {
    return current.object();
  }

  Outcome read(Service.Selected what) {
    AttributeRef ref = what.attribute();
    Optional<CosemObject> found = find(ref.instance());
    if (ref.attribute() == ALL && conformance.has(Conformance.Service.ATTRIBUTE_0_WITH_GET)) {
      AccessResult wrong = wrong(found, ref.classId(), 1, 1);
      return wrong.isSuccess() ? readAll(found.orElseThrow()) : new Outcome.Refused(wrong);
    }
    AccessResult wrong = wrong(found, ref);
    if (!wrong.isSuccess()) {
      return new Outcome.Refused(wrong);
    }
    CosemObject object = found.orElseThrow();
    if (!rights(object).reads(object, ref.attribute())) {
      return new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
    }
    if (what.selection().isPresent() && !maySelect()) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    return read(object, ref.attribute(), what.selection());
  }

  private static Outcome read(CosemObject object, int attribute, Optional<Selection> selection) {
    return attribute == AttributeRef.LOGICAL_NAME
        ? new Outcome.Value(DlmsData.OctetString.of(object.identity().logicalName()))
        : object.get(attribute, selection);
  }

  /** With logical names it is called selective access, with short ones parameterized. */
  private boolean maySelect() {
    return conformance.has(Conformance.Service.SELECTIVE_ACCESS)
        || conformance.has(Conformance.Service.PARAMETERIZED_ACCESS);
  }

  /** A structure of all attributes, null-data for those that the client may not read. */
  private Outcome readAll(CosemObject object) {
    List<DlmsData> all = new ArrayList<>();
    boolean any = false;
    for (int a = 1; a <= object.identity().attributes(); a++) {
      boolean may = rights(object).reads(object, a);
      any |= may;
      all.add(
          may && read(object, a, Optional.empty()) instanceof Outcome.Value(DlmsData value)
              ? value
              : DlmsData.NullData.of());
    }
    return any
        ? new Outcome.Value(DlmsData.Structure.of(all))
        : new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
  }

  AccessResult write(Service.Selected what, DlmsData value) {
    AttributeRef ref = what.attribute();
    Optional<CosemObject> found = find(ref.instance());
    if (ref.attribute() == ALL && conformance.has(Conformance.Service.ATTRIBUTE_0_WITH_SET)) {
      AccessResult wrong = wrong(found, ref.classId(), 1, 1);
      return wrong.isSuccess() ? writeAll(found.orElseThrow(), value) : wrong;
    }
    AccessResult wrong = wrong(found, ref);
    if (!wrong.isSuccess()) {
      return wrong;
    }
    CosemObject object = found.orElseThrow();
    if (!rights(object).writes(object, ref.attribute())) {
      return AccessResult.READ_WRITE_DENIED;
    }
    return what.selection().isPresent()
        ? AccessResult.SCOPE_OF_ACCESS_VIOLATED // no object here takes a part of a value
        : object.set(ref.attribute(), value);
  }

  /** A structure of all attributes: what is null-data stays; all or none may be written. */
  private AccessResult writeAll(CosemObject object, DlmsData value) {
    if (!(value instanceof DlmsData.Structure all)
        || all.size() != object.identity().attributes()) {
      return AccessResult.TYPE_UNMATCHED;
    }
    for (int a = 1; a <= all.size(); a++) {
      if (!(all.get(a - 1) instanceof DlmsData.NullData) && !rights(object).writes(object, a)) {
        return AccessResult.READ_WRITE_DENIED;
      }
    }
    for (int a = 1; a <= all.size(); a++) {
      if (!(all.get(a - 1) instanceof DlmsData.NullData)) {
        AccessResult result = object.set(a, all.get(a - 1));
        if (!result.isSuccess()) {
          return result;
        }
      }
    }
    return AccessResult.SUCCESS;
  }

  Service.Invoked invoke(MethodRef ref, Optional<DlmsData> parameters) {
    Optional<CosemObject> found = find(ref.instance());
    AccessResult wrong =
        wrong(found, ref.classId(), ref.method(), found.map(o -> o.identity().methods()).orElse(0));
    if (wrong.isSuccess() && !rights(found.get()).invokes(found.get(), ref.method())) {
      wrong = AccessResult.READ_WRITE_DENIED;
    }
    return wrong.isSuccess()
        ? found.get().invoke(ref.method(), parameters)
        : new Service.Invoked(wrong, Optional.empty());
  }

  private Optional<CosemObject> find(ObisCode name) {
    return name.equals(CurrentAssociation.NAME)
        ? Optional.of(current.object())
        : device.object(name);
  }

  private Rights rights(CosemObject object) {
    return object.identity().logicalName().equals(CurrentAssociation.NAME)
        ? current.rights()
        : rights;
  }

  private static AccessResult wrong(Optional<CosemObject> found, AttributeRef ref) {
    return wrong(
        found,
        ref.classId(),
        ref.attribute(),
        found.map(object -> object.identity().attributes()).orElse(0));
  }

  private static AccessResult wrong(
      Optional<CosemObject> found, int classId, int index, int greatest) {
    if (found.isEmpty()) {
      return AccessResult.OBJECT_UNDEFINED;
    }
    if (found.get().identity().classId() != classId) {
      return AccessResult.OBJECT_CLASS_INCONSISTENT;
    }
    return index < 1 || index > greatest ? AccessResult.OBJECT_UNDEFINED : AccessResult.SUCCESS;
  }
}
