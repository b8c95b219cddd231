package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.JsonLine;

/**
 * An entry of an association's object list (object_list_element, IEC 62056-6-2, class 15).
 *
 * @param attributes with their access modes
 * @param methods with their access modes
 * @param baseName its short name, 0 to 65,535; -1 where it has none
 */
record ObjectRow(
    int classId,
    int version,
    ObisCode name,
    List<Right> attributes,
    List<Right> methods,
    int baseName) {
  /** There is no short name. */
  private static final int NO_NAME = -1;

  /** The association's version from which on access modes are bits, each of its own. */
  private static final int BITS_SINCE = 3;

  private static final int ASSOCIATION = 15;

  /**
   * What may be done with an attribute or method.
   *
   * @param index of the attribute or method
   * @param mode as the meter says it
   * @param bits whether the mode is bits: 0 read or invoke, 1 write, 2 to 4 the request
   *     authenticated, encrypted, signed, 5 to 7 the response; else a number
   */
  record Right(int index, int mode, boolean bits) {
    boolean reads() {
      return bits ? (mode & 1) != 0 : mode == 1 || mode == 3 || mode == 4 || mode == 6;
    }

    boolean writes() {
      return bits ? (mode & 2) != 0 : mode == 2 || mode == 3 || mode == 5 || mode == 6;
    }

    /** Of a method: not at all 0, 1 or, authenticated, 2. */
    boolean invokes() {
      return bits ? (mode & 1) != 0 : mode == 1 || mode == 2;
    }

    /** Whether only under some protection. */
    boolean protectedOnly(boolean attribute) {
      return bits ? (mode & 0xFC) != 0 : attribute ? mode >= 4 : mode == 2;
    }

    /** {@code rw}, {@code r}, {@code -}; with a plus where only under protection. */
    String attributeText() {
      String text = (reads() ? "r" : "") + (writes() ? "w" : "");
      return text.isEmpty() ? "-" : text + (protectedOnly(true) ? "+" : "");
    }
  }

  /** The entries of an object list; what is none is left out. */
  static List<ObjectRow> of(DlmsData list) {
    List<ObjectRow> rows = new ArrayList<>();
    if (list instanceof DlmsData.Composite all) {
      if (all.size() > 0 && all.get(0) instanceof DlmsData.Structure s && isShortName(s)) {
        return ofShortNames(list, DlmsData.NullData.of());
      }
      boolean bits = all.elements().stream().anyMatch(ObjectRow::isNewAssociation);
      all.elements().forEach(element -> one(element, bits).ifPresent(rows::add));
    }
    return rows;
  }

  private static boolean isShortName(DlmsData.Structure s) {
    return s.size() == 4
        && s.get(0) instanceof DlmsData.Long16
        && s.get(3) instanceof DlmsData.OctetString;
  }

  private static boolean isNewAssociation(DlmsData element) {
    return element instanceof DlmsData.Structure s
        && s.size() >= 2
        && s.get(0) instanceof DlmsData.Whole classId
        && classId.asLong() == ASSOCIATION
        && s.get(1) instanceof DlmsData.Whole version
        && version.asLong() >= BITS_SINCE;
  }

  /**
   * The entries of an object list with short names, with their rights where the meter tells these
   * (class 12, object_list and access_rights_list).
   */
  static List<ObjectRow> ofShortNames(DlmsData list, DlmsData accessRights) {
    Map<Long, DlmsData.Structure> rights = new HashMap<>();
    if (accessRights instanceof DlmsData.Composite all) {
      for (DlmsData element : all.elements()) {
        // base_name, attribute_access, method_access
        if (element instanceof DlmsData.Structure s
            && s.size() == 3
            && s.get(0) instanceof DlmsData.Whole base) {
          rights.put(base.asLong(), s);
        }
      }
    }
    List<ObjectRow> rows = new ArrayList<>();
    if (list instanceof DlmsData.Composite all) {
      for (DlmsData element : all.elements()) {
        // base_name, class_id, version, logical_name
        if (element instanceof DlmsData.Structure s
            && s.size() == 4
            && s.get(0) instanceof DlmsData.Whole base
            && s.get(1) instanceof DlmsData.Whole classId
            && s.get(2) instanceof DlmsData.Whole version
            && s.get(3) instanceof DlmsData.OctetString name
            && name.length() == 6) {
          DlmsData.Structure its = rights.get(base.asLong());
          rows.add(
              new ObjectRow(
                  (int) classId.asLong(),
                  (int) version.asLong(),
                  ObisCode.of(name.bytes(), 0),
                  its == null ? List.of() : rights(its.get(1), false),
                  its == null ? List.of() : rights(its.get(2), false),
                  (int) base.asLong() & 0xFFFF));
        }
      }
    }
    return rows;
  }

  private static Optional<ObjectRow> one(DlmsData element, boolean bits) {
    if (!(element instanceof DlmsData.Structure s
        && s.size() >= 3
        && s.get(0) instanceof DlmsData.LongUnsigned(int classId)
        && s.get(1) instanceof DlmsData.Unsigned8(int version)
        && s.get(2) instanceof DlmsData.OctetString name
        && name.length() == 6)) {
      return Optional.empty();
    }
    List<Right> attributes = List.of();
    List<Right> methods = List.of();
    if (s.size() > 3 && s.get(3) instanceof DlmsData.Structure rights && rights.size() == 2) {
      attributes = rights(rights.get(0), bits);
      methods = rights(rights.get(1), bits);
    }
    return Optional.of(
        new ObjectRow(
            classId, version, ObisCode.of(name.bytes(), 0), attributes, methods, NO_NAME));
  }

  private static List<Right> rights(DlmsData list, boolean bits) {
    List<Right> rights = new ArrayList<>();
    if (list instanceof DlmsData.Composite all) {
      for (DlmsData one : all.elements()) {
        if (one instanceof DlmsData.Structure right
            && right.size() >= 2
            && right.get(0) instanceof DlmsData.Whole index) {
          // the first editions say a boolean for a method
          int mode =
              switch (right.get(1)) {
                case DlmsData.Whole m -> (int) m.asLong() & 0xFF;
                case DlmsData.Bool may -> may.value() ? 1 : 0;
                default -> 0;
              };
          rights.add(new Right((int) index.asLong(), mode, bits));
        }
      }
    }
    return rights;
  }

  /** A table for a person: the rights of neighbours that are alike together. */
  static void print(PrintWriter out, String indent, List<ObjectRow> rows) {
    List<String> heading = List.of("OBIS", "class", "v", "attributes", "methods");
    boolean named = rows.stream().anyMatch(row -> row.baseName() >= 0);
    Table.print(
        out,
        line(indent, named ? "name" : "", heading),
        rows.stream()
            .map(row -> line(indent, named ? "%04X".formatted(row.baseName()) : "", row.cells()))
            .toList());
  }

  private static List<String> line(String indent, String name, List<String> cells) {
    List<String> line = new ArrayList<>(cells);
    if (!name.isEmpty()) {
      line.addFirst(name);
    }
    line.set(0, indent + line.getFirst());
    return line;
  }

  private List<String> cells() {
    return List.of(
        name.toString(),
        classId + " " + InterfaceClasses.name(classId),
        Integer.toString(version),
        attributes.isEmpty() ? "not told" : grouped(attributes, true),
        attributes.isEmpty() && methods.isEmpty() ? "not told" : grouped(methods, false));
  }

  /** {@code 1-3 r, 4 rw}; of methods the ones that may be invoked: {@code 1-2}. */
  private static String grouped(List<Right> rights, boolean attribute) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rights.size(); ) {
      int end = i + 1;
      String word = word(rights.get(i), attribute);
      while (end < rights.size()
          && rights.get(end).index() == rights.get(end - 1).index() + 1
          && word(rights.get(end), attribute).equals(word)) {
        end++;
      }
      if (!word.equals("-")) {
        text.append(text.isEmpty() ? "" : ", ").append(rights.get(i).index());
        if (end - i > 1) {
          text.append('-').append(rights.get(end - 1).index());
        }
        text.append(attribute ? " " + word : word);
      }
      i = end;
    }
    return text.isEmpty() ? "-" : text.toString();
  }

  private static String word(Right right, boolean attribute) {
    if (attribute) {
      return right.attributeText();
    }
    return right.invokes() ? right.protectedOnly(false) ? "+" : "" : "-";
  }

  /** As one JSON object on one line. */
  String json() {
    JsonLine line = new JsonLine().object();
    line.name("obis").text(name.toString()).name("class").number(classId);
    line.name("name").text(InterfaceClasses.name(classId)).name("version").number(version);
    if (baseName >= 0) {
      line.name("base_name").number(baseName);
    }
    line.name("attributes").array();
    for (Right right : attributes) {
      line.object().name("attribute").number(right.index());
      line.name("name").textOrNull(nameOf(right, true)).name("mode").number(right.mode());
      line.name("read").flag(right.reads()).name("write").flag(right.writes());
      line.name("protected").flag(right.protectedOnly(true)).endObject();
    }
    line.endArray().name("methods").array();
    for (Right right : methods) {
      line.object().name("method").number(right.index());
      line.name("name").textOrNull(nameOf(right, false)).name("mode").number(right.mode());
      line.name("invoke").flag(right.invokes());
      line.name("protected").flag(right.protectedOnly(false)).endObject();
    }
    return line.endArray().endObject().toString();
  }

  private String nameOf(Right right, boolean attribute) {
    return InterfaceClasses.of(classId, right.index(), attribute).orElse("");
  }
}
