package org.gridwarden.dlms.capture;

import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Selection;

/**
 * One attribute or method that a message is about. Immutable.
 *
 * @param target which; unknown where the question of an answer was not captured
 * @param value what is written, given as parameter, or answered
 * @param result how it went; empty in a question, and where a value says it
 * @param scaling the object's, where the conversation told it before
 * @param columns a profile's capture objects, where the conversation told them before
 */
public record Access(
    Target target,
    Optional<DlmsData> value,
    Optional<AccessResult> result,
    Scaling scaling,
    List<Column> columns) {
  public Access {
    columns = List.copyOf(columns);
  }

  /**
   * A column of a profile's rows.
   *
   * @param ref what is captured in it
   * @param scaling that object's, where the conversation told it before
   */
  public record Column(AttributeRef ref, Scaling scaling) {}

  /** What is read, written or invoked. */
  public sealed interface Target {
    /** Its place: {@code 1.0.1.8.0.255:3:2}, {@code FA08}; {@code ?} where it is not known. */
    String place();

    /** Its name by the standard: {@code Register.value}; empty where it is not known. */
    String name();
  }

  /**
   * An attribute.
   *
   * @param selection which part of it
   */
  public record Attribute(AttributeRef ref, Optional<Selection> selection) implements Target {
    @Override
    public String place() {
      return ref.toString();
    }

    @Override
    public String name() {
      return InterfaceClasses.attribute(ref.classId(), ref.attribute());
    }
  }

  /** A method. */
  public record Method(MethodRef ref) implements Target {
    @Override
    public String place() {
      return ref.toString();
    }

    @Override
    public String name() {
      return InterfaceClasses.method(ref.classId(), ref.method());
    }
  }

  /**
   * An attribute or method by its short name, of which no object list was seen.
   *
   * @param shortName 0 to 65,535
   * @param selection which part of it, or a method's parameters
   */
  public record ShortName(int shortName, Optional<Selection> selection) implements Target {
    @Override
    public String place() {
      return "%04X".formatted(shortName);
    }

    @Override
    public String name() {
      return "";
    }
  }

  /** The question was not captured. */
  public record Unknown() implements Target {
    @Override
    public String place() {
      return "?";
    }

    @Override
    public String name() {
      return "";
    }
  }

  static Access asked(Target target) {
    return new Access(target, Optional.empty(), Optional.empty(), Scaling.NONE, List.of());
  }

  static Access of(Target target, DlmsData value) {
    return new Access(target, Optional.of(value), Optional.empty(), Scaling.NONE, List.of());
  }

  static Access of(Target target, AccessResult result) {
    return new Access(target, Optional.empty(), Optional.of(result), Scaling.NONE, List.of());
  }
}
