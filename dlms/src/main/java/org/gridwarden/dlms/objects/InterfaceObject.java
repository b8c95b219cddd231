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

/**
 * An object of an interface class. Its attributes and methods are said either once for the class,
 * by an {@link InterfaceClass}, which costs an object nothing, or one by one in its constructor.
 * What is not said is undefined to a client. Thread-safe where the subclass's suppliers and actions
 * are.
 */
public abstract class InterfaceObject implements CosemObject {
  /** Gives an attribute's value, or a part of it. */
  protected interface Selective {
    Outcome get(Optional<Selection> selection) throws Refusal;
  }

  /** Takes a new value, or says why not. */
  protected interface Setter {
    AccessResult set(DlmsData value) throws Refusal;
  }

  /** Does something. */
  protected interface Method {
    Service.Invoked invoke(Optional<DlmsData> parameters) throws Refusal;
  }

  private static final AttributeType NOTHING =
      AttributeType.choice(AttributeType.integer(-128, 127), AttributeType.nothing());

  private final ObisCode logicalName;
  private final InterfaceClass<InterfaceObject> type;

  /**
   * An object that says its attributes and methods itself.
   *
   * @param attributes how many the class has, the logical name included
   * @param methods how many the class has
   */
  protected InterfaceObject(
      int classId, int version, ObisCode logicalName, int attributes, int methods) {
    this.logicalName = logicalName;
    this.type = new InterfaceClass<>(classId, version, attributes, methods);
  }

  /**
   * An object of a class that says them for all its objects.
   *
   * @param type the class of this very object
   */
  @SuppressWarnings("unchecked") // a class is only ever asked about its own objects
  protected InterfaceObject(InterfaceClass<?> type, ObisCode logicalName) {
    this.logicalName = logicalName;
    this.type = (InterfaceClass<InterfaceObject>) type;
  }

  /** An attribute that is read whole. */
  protected final void attribute(int attribute, Supplier<? extends DlmsData> value) {
    type.attribute(attribute, self -> value.get());
  }

  /** An attribute that is read whole, and written. */
  protected final void attribute(int attribute, Supplier<? extends DlmsData> value, Setter setter) {
    attribute(attribute, value);
    type.written(
        attribute,
        (self, written) -> {
          AccessResult result = setter.set(written);
          if (!result.isSuccess()) {
            throw new Refusal(result);
          }
        });
  }

  /** An attribute that holds what it is given, as long as that fits its type. */
  protected final TypedAttribute stored(int attribute, AttributeType type, DlmsData initial) {
    TypedAttribute stored = new TypedAttribute(type, initial);
    attribute(attribute, stored::value, stored::set);
    return stored;
  }

  /** An attribute of which parts can be read. */
  protected final void selective(int attribute, Selective value) {
    type.selective(attribute, (self, selection) -> value.get(selection));
  }

  /** A method. */
  protected final void method(int method, Method action) {
    type.method(method, (self, parameters) -> action.invoke(parameters));
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

  /** Which object. */
  public final ObisCode logicalName() {
    return logicalName;
  }

  @Override
  public final Identity identity() {
    return new Identity(
        type.classId(), type.version(), logicalName, type.attributes(), type.methods());
  }

  @Override
  public final Outcome get(int attribute, Optional<Selection> selection) {
    return type.get(this, attribute, selection);
  }

  @Override
  public final AccessResult set(int attribute, DlmsData value) {
    return type.set(this, attribute, value);
  }

  @Override
  public final Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
    return type.invoke(this, method, parameters);
  }
}
