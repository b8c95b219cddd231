package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * The objects of one logical device as they reach one another: a profile what it captures, a script
 * what it does. No client takes part, so no access rights are asked for. Objects that refer to each
 * other in a circle (a script that executes itself) are stopped after {@value #DEEPEST} steps.
 *
 * <p>Thread-safe; objects are added before the device serves clients. An object must not call
 * another one while it holds a lock of its own.
 */
public final class DeviceObjects {
  private static final int DEEPEST = 8;
  private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

  private final CopyOnWriteArrayList<CosemObject> objects = new CopyOnWriteArrayList<>();

  /**
   * Adds an object.
   *
   * @throws IllegalArgumentException where there is one of this name
   */
  public <T extends CosemObject> T add(T object) {
    ObisCode name = object.identity().logicalName();
    if (find(name).isPresent()) {
      throw new IllegalArgumentException("two objects are called " + name);
    }
    objects.add(object);
    return object;
  }

  /** All of them, in the order in which they were added. */
  public List<CosemObject> all() {
    return List.copyOf(objects);
  }

  /** The object of a name. */
  public Optional<CosemObject> find(ObisCode name) {
    // a few dozen: a list costs a tenth of a map's memory, and a meter reads seldom
    for (CosemObject object : objects) {
      if (object.identity().logicalName().equals(name)) {
        return Optional.of(object);
      }
    }
    return Optional.empty();
  }

  private Optional<CosemObject> find(int classId, ObisCode name) {
    return find(name).filter(o -> o.identity().classId() == classId);
  }

  /** An attribute's value, the logical name's included. */
  public Outcome get(AttributeRef ref, Optional<Selection> selection) {
    Optional<CosemObject> object = find(ref.classId(), ref.instance());
    if (object.isEmpty()) {
      return CosemObject.none();
    }
    if (ref.attribute() == AttributeRef.LOGICAL_NAME) {
      return new Outcome.Value(DlmsData.OctetString.of(ref.instance()));
    }
    return deeper(
        () -> object.get().get(ref.attribute(), selection),
        new Outcome.Refused(AccessResult.OTHER_REASON));
  }

  /** Sets an attribute. */
  public AccessResult set(AttributeRef ref, DlmsData value) {
    return find(ref.classId(), ref.instance())
        .map(o -> deeper(() -> o.set(ref.attribute(), value), AccessResult.OTHER_REASON))
        .orElse(AccessResult.OBJECT_UNDEFINED);
  }

  /** Invokes a method. */
  public Service.Invoked invoke(MethodRef ref, Optional<DlmsData> parameters) {
    return find(ref.classId(), ref.instance())
        .map(o ->
            deeper(
                () -> o.invoke(ref.method(), parameters),
                new Service.Invoked(AccessResult.OTHER_REASON, Optional.empty())))
        .orElseGet(() -> new Service.Invoked(AccessResult.OBJECT_UNDEFINED, Optional.empty()));
  }

  private static <T> T deeper(ScopedValue.CallableOp<T, RuntimeException> what, T tooDeep) {
    int depth = DEPTH.orElse(0);
    return depth >= DEEPEST ? tooDeep : ScopedValue.where(DEPTH, depth + 1).call(what);
  }
}
