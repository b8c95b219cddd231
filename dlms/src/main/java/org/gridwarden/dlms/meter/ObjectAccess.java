package org.gridwarden.dlms.meter;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/** A client's way to a device's objects, with the client's rights, whatever service asks. */
final class ObjectAccess {
  private final LogicalDevice device;
  private final Rights rights;
  private final CosemObject current;

  ObjectAccess(LogicalDevice device, Rights rights) {
    this.device = device;
    this.rights = rights;
    this.current = new CurrentAssociation(device, rights);
  }

  Outcome read(Service.Selected what) {
    AttributeRef ref = what.attribute();
    Optional<CosemObject> found = find(ref.instance());
    AccessResult wrong = wrong(found, ref);
    if (!wrong.isSuccess()) {
      return new Outcome.Refused(wrong);
    }
    CosemObject object = found.orElseThrow();
    if (!rights(object).reads(object, ref.attribute())) {
      return new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
    }
    return ref.attribute() == AttributeRef.LOGICAL_NAME
        ? new Outcome.Value(DlmsData.OctetString.of(object.identity().logicalName()))
        : object.get(ref.attribute(), what.selection());
  }

  AccessResult write(Service.Selected what, DlmsData value) {
    AttributeRef ref = what.attribute();
    Optional<CosemObject> found = find(ref.instance());
    AccessResult wrong = wrong(found, ref);
    if (!wrong.isSuccess()) {
      return wrong;
    }
    CosemObject object = found.orElseThrow();
    return rights(object).writes(object, ref.attribute())
        ? object.set(ref.attribute(), value)
        : AccessResult.READ_WRITE_DENIED;
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
    return name.equals(CurrentAssociation.NAME) ? Optional.of(current) : device.object(name);
  }

  private Rights rights(CosemObject object) {
    return object == current ? CurrentAssociation.RIGHTS : rights;
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
