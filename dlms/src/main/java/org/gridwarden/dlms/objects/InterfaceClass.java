package org.gridwarden.dlms.objects;

import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.jspecify.annotations.Nullable;

/**
 * The attributes and methods of an interface class (IEC 62056-6-2, clause 4.2), said once for all
 * its objects, so that an object costs no more than its state. What is not said is undefined to a
 * client. Built in a static initialiser, then not changed: thread-safe from there on.
 *
 * @param <T> the objects
 */
public final class InterfaceClass<T> {
  /** Gives an attribute's value. */
  public interface Reader<T> {
    DlmsData read(T object);
  }

  /** Gives an attribute's value, or a part of it. */
  public interface Selector<T> {
    Outcome read(T object, Optional<Selection> selection) throws Refusal;
  }

  /** Takes a new value whole, or changes nothing. */
  public interface Writer<T> {
    void write(T object, DlmsData value) throws Refusal;
  }

  /** Does something. */
  public interface Action<T> {
    Service.Invoked invoke(T object, Optional<DlmsData> parameters) throws Refusal;
  }

  /** Does something that returns nothing, with a parameter that says nothing. */
  public interface PlainAction<T> {
    void invoke(T object) throws Refusal;
  }

  private final int classId;
  private final int version;
  private final @Nullable Selector<T>[] readers;
  private final @Nullable Writer<T>[] writers;
  private final @Nullable Action<T>[] actions;

  /**
   * @param attributes how many the class has, the logical name included
   * @param methods how many the class has
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic type, never handed out
  public InterfaceClass(int classId, int version, int attributes, int methods) {
    this.classId = classId;
    this.version = version;
    this.readers = new @Nullable Selector[attributes + 1];
    this.writers = new @Nullable Writer[attributes + 1];
    this.actions = new @Nullable Action[methods + 1];
  }

  /** An attribute that is read whole. */
  public InterfaceClass<T> attribute(int attribute, Reader<? super T> reader) {
    readers[attribute] =
        (object, selection) ->
            selection.isPresent()
                ? new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED)
                : new Outcome.Value(reader.read(object));
    return this;
  }

  /** An attribute that is read whole, and written. */
  public InterfaceClass<T> attribute(int attribute, Reader<? super T> reader, Writer<T> writer) {
    writers[attribute] = writer;
    return attribute(attribute, reader);
  }

  /** An attribute of which parts can be read. */
  public InterfaceClass<T> selective(int attribute, Selector<T> selector) {
    readers[attribute] = selector;
    return this;
  }

  /** An attribute that is written, whatever is said of its reading. */
  public InterfaceClass<T> written(int attribute, Writer<T> writer) {
    writers[attribute] = writer;
    return this;
  }

  /** A method. */
  public InterfaceClass<T> method(int method, Action<T> action) {
    actions[method] = action;
    return this;
  }

  /**
   * A method whose parameter is {@code integer (0)}. Clients send other numbers, null-data or
   * nothing at all, which means the same.
   */
  public InterfaceClass<T> plainMethod(int method, PlainAction<T> action) {
    return method(
        method,
        (object, parameters) -> {
          Values.plain(parameters);
          action.invoke(object);
          return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
        });
  }

  int classId() {
    return classId;
  }

  int version() {
    return version;
  }

  int attributes() {
    return readers.length - 1;
  }

  int methods() {
    return actions.length - 1;
  }

  Outcome get(T object, int attribute, Optional<Selection> selection) {
    Selector<T> reader = attribute < 2 || attribute >= readers.length ? null : readers[attribute];
    if (reader == null) {
      return CosemObject.none();
    }
    try {
      return reader.read(object, selection);
    } catch (Refusal e) {
      return new Outcome.Refused(e.why());
    }
  }

  AccessResult set(T object, int attribute, DlmsData value) {
    Writer<T> writer = attribute < 2 || attribute >= writers.length ? null : writers[attribute];
    if (writer == null) {
      return AccessResult.READ_WRITE_DENIED;
    }
    try {
      writer.write(object, value);
      return AccessResult.SUCCESS;
    } catch (Refusal e) {
      return e.why();
    }
  }

  Service.Invoked invoke(T object, int method, Optional<DlmsData> parameters) {
    Action<T> action = method < 1 || method >= actions.length ? null : actions[method];
    if (action == null) {
      return new Service.Invoked(AccessResult.OBJECT_UNDEFINED, Optional.empty());
    }
    try {
      return action.invoke(object, parameters);
    } catch (Refusal e) {
      return new Service.Invoked(e.why(), Optional.empty());
    }
  }
}
