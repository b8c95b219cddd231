package org.gridwarden.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the standard calls the interface classes, their attributes and methods (IEC 62056-6-2), for
 * people. Thread-safe.
 */
public final class InterfaceClasses {
  private static final String FILE = "interface-classes.txt";

  private InterfaceClasses() {}

  private record Names(String name, List<String> attributes, List<String> methods) {}

  /** Loaded once, when first asked for. */
  private static final class Table {
    static final Map<Integer, Names> NAMES = load();

    private static Map<Integer, Names> load() {
      try (InputStream in = InterfaceClasses.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new IllegalStateException("the program lacks its file " + FILE);
        }
        Map<Integer, Names> names = new HashMap<>();
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .forEach(line -> {
              int space = line.indexOf(' ');
              int colon = line.indexOf(':');
              int slash = line.indexOf(" / ");
              names.put(
                  Integer.valueOf(line.substring(0, space)),
                  new Names(
                      line.substring(space + 1, colon),
                      words(line.substring(colon + 1, slash < 0 ? line.length() : slash)),
                      slash < 0 ? List.of() : words(line.substring(slash + 3))));
            });
        return names;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static List<String> words(String text) {
      return List.of(text.strip().split(" "));
    }
  }

  /** {@code Register}; {@code class 8192} where the standard has no such class. */
  public static String name(int classId) {
    Names names = Table.NAMES.get(classId);
    return names == null ? "class " + classId : names.name();
  }

  /** {@code Register.value}; {@code Register.9} where the class has no such attribute. */
  public static String attribute(int classId, int attribute) {
    return name(classId)
        + "."
        + of(classId, attribute, true).orElseGet(() -> Integer.toString(attribute));
  }

  /** {@code Disconnect control.remote_disconnect()}. */
  public static String method(int classId, int method) {
    return name(classId)
        + "."
        + of(classId, method, false).orElseGet(() -> Integer.toString(method))
        + "()";
  }

  /**
   * An attribute's or a method's own name.
   *
   * @param index from 1
   */
  public static Optional<String> of(int classId, int index, boolean attribute) {
    Names names = Table.NAMES.get(classId);
    List<String> list =
        names == null ? List.of() : attribute ? names.attributes() : names.methods();
    return index >= 1 && index <= list.size() ? Optional.of(list.get(index - 1)) : Optional.empty();
  }
}
