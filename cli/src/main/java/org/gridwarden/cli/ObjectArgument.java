package org.gridwarden.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/**
 * An attribute or method as a command takes it: {@code OBIS:class:index}, or {@code OBIS:name} with
 * the standard's name; the class may be left out where the meter's object list tells it.
 *
 * @param classId empty where the object list is to be asked
 * @param index empty where the name stands instead, or neither
 * @param name empty where the index stands instead, or neither
 */
record ObjectArgument(
    ObisCode instance, Optional<Integer> classId, Optional<Integer> index, String name) {
  private static final Pattern TEXT =
      Pattern.compile(
          "((?:\\d{1,3}-\\d{1,3}:)?[0-9.*]+)(?::(\\d{1,5}))?(?::(?:(-?\\d{1,3})|([A-Za-z][\\w-]*)))?");

  /**
   * @param kind what it is, for the message: {@code attribute} or {@code method}
   */
  static ObjectArgument parse(String text, String kind) {
    Matcher m = TEXT.matcher(text);
    if (m.matches()) {
      try {
        return new ObjectArgument(
            ObisCode.parse(m.group(1)),
            Optional.ofNullable(m.group(2)).map(Integer::valueOf),
            Optional.ofNullable(m.group(3)).map(Integer::valueOf),
            m.group(4) == null ? "" : m.group(4));
      } catch (IllegalArgumentException e) {
        // told below
      }
    }
    throw new Failure(
        "'"
            + text
            + "' is not OBIS[:class]["
            + ":"
            + kind
            + "], as "
            + (kind.equals("method") ? "0.0.96.3.10.255:70:1" : "1.0.1.8.0.255:3:2"),
        Gridwarden.WRONG_INPUT);
  }

  /** The attribute; 2, the value, where none is said. */
  AttributeRef attribute(Association meter, ObjectClasses classes)
      throws IOException, DlmsException, AssociationRefused {
    int its = classOf(meter, classes);
    return new AttributeRef(its, instance, index(its, true).orElse(2));
  }

  /** The method, which has to be said. */
  MethodRef method(Association meter, ObjectClasses classes)
      throws IOException, DlmsException, AssociationRefused {
    int its = classOf(meter, classes);
    return new MethodRef(
        its,
        instance,
        index(its, false)
            .orElseThrow(() ->
                new Failure(
                    "say which method of " + instance + ", as " + instance + ":" + its + ":1",
                    Gridwarden.WRONG_INPUT)));
  }

  private int classOf(Association meter, ObjectClasses classes)
      throws IOException, DlmsException, AssociationRefused {
    return classId.isPresent() ? classId.get() : classes.of(meter, instance);
  }

  private Optional<Integer> index(int its, boolean attribute) {
    if (name.isEmpty()) {
      return index;
    }
    for (int i = 1; InterfaceClasses.of(its, i, attribute).isPresent(); i++) {
      if (InterfaceClasses.of(its, i, attribute).orElseThrow().equalsIgnoreCase(name)) {
        return Optional.of(i);
      }
    }
    throw new Failure(
        InterfaceClasses.name(its)
            + " has no "
            + (attribute ? "attribute" : "method")
            + " called "
            + name
            + "; say its number",
        Gridwarden.WRONG_INPUT);
  }
}
