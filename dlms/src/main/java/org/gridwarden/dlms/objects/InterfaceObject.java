package org.gridwarden.dlms.objects;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.CosemObject;
import org.jspecify.annotations.Nullable;

/**
 * An object whose class says its attributes and methods one by one, in its constructor. What is not
 * said is undefined to a client. Thread-safe where the subclass's suppliers and actions are.
 */
public abstract class InterfaceObject implements CosemObject {
  /** Gives an attribute's value, or a part of it. */
  protected interface Selective {
    Outcome get(Optional<Selection> selection);
  }

  /** Takes a new value, or says why not. */
  protected interface Setter {
    AccessResult set(DlmsData value);
  }

  /** Does something. */
  protected interface Method {
    Service.Invoked invoke(Optional<DlmsData> parameters);
  }

  private static final AttributeType NOTHING =
      AttributeType.choice(AttributeType.integer(-128, 127), AttributeType.nothing());

  private final Identity identity;
  private final @Nullable Selective[] getters;
  private final @Nullable Setter[] setters;
  private final @Nullable Method[] methods;

  /**
   * @param attributes how many the class has, the logical name included
   * @param methods how many the class has
   */
  protected InterfaceObject(
      int classId, int version, ObisCode logicalName, int attributes, int methods) {
    this.identity = new Identity(classId, version, logicalName, attributes, methods);
    this.getters = new @Nullable Selective[attributes + 1];
    this.setters = new @Nullable Setter[attributes + 1];
    this.methods = new @Nullable Method[methods + 1];
  }

  /** An attribute that is read whole. */
  protected final void attribute(int attribute, Supplier<? extends DlmsData> value) {
    getters[attribute] =
        selection ->
            selection.isPresent()
                ? new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED)
                : new Outcome.Value(value.get());
  }

  /** An attribute that is read whole, and written. */
  protected final void attribute(int attribute, Supplier<? extends DlmsData> value, Setter setter) {
    attribute(attribute, value);
    setters[attribute] = setter;
  }

  /** An attribute that holds what it is given, as long as that fits its type. */
  protected final TypedAttribute stored(int attribute, AttributeType type, DlmsData initial) {
    TypedAttribute stored = new TypedAttribute(type, initial);
    attribute(attribute, stored::value, stored::set);
    return stored;
  }

  /** An attribute of which parts can be read. */
  protected final void selective(int attribute, Selective value) {
    getters[attribute] = value;
  }

  /** A method. */
  protected final void method(int method, Method action) {
    methods[method] = action;
  }

  /** A method whose parameters are typed; others are refused before it hears of them. */
  protected final void method(
      int method, AttributeType type, Function<DlmsData, AccessResult> action) {
    method(
        method,
        parameters -> {
          DlmsData given = parameters.orElse(DlmsData.NullData.of());
          AccessResult fits = type.check(given);
          return result(fits.isSuccess() ? action.apply(given) : fits);
        });
  }

  /**
   * A method that needs nothing: integer(0), by the standard; null or nothing at all are taken,
   * too, since clients send them.
   */
  protected final void method(int method, Supplier<AccessResult> action) {
    method(method, NOTHING, _ -> action.get());
  }

  /** What a method that returns nothing says when it is done. */
  protected static Service.Invoked done() {
    return result(AccessResult.SUCCESS);
  }

  /** What a method that returns nothing says. */
  protected static Service.Invoked result(AccessResult result) {
    return new Service.Invoked(result, Optional.empty());
  }

  /** What a method says that returns something. */
  protected static Service.Invoked returning(DlmsData data) {
    return new Service.Invoked(AccessResult.SUCCESS, Optional.of(new Outcome.Value(data)));
  }

  @Override
  public final Identity identity() {
    return identity;
  }

  @Override
  public final Outcome get(int attribute, Optional<Selection> selection) {
    Selective getter = attribute < 2 || attribute >= getters.length ? null : getters[attribute];
    return getter == null ? CosemObject.none() : getter.get(selection);
  }

  @Override
  public final AccessResult set(int attribute, DlmsData value) {
    Setter setter = attribute < 2 || attribute >= setters.length ? null : setters[attribute];
    return setter == null ? AccessResult.READ_WRITE_DENIED : setter.set(value);
  }

  @Override
  public final Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
    Method action = method < 1 || method >= methods.length ? null : methods[method];
    return action == null ? result(AccessResult.OBJECT_UNDEFINED) : action.invoke(parameters);
  }
}
