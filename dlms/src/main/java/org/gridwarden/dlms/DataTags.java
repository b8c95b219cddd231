package org.gridwarden.dlms;

/** The names of the choices of Data, by tag (IEC 62056-5-3, clause 9.5). */
final class DataTags {
  private static final String[] NAMES = {
    "null-data",
    "array",
    "structure",
    "boolean",
    "bit-string",
    "double-long",
    "double-long-unsigned",
    "",
    "",
    "octet-string",
    "visible-string",
    "",
    "utf8-string",
    "bcd",
    "",
    "integer",
    "long",
    "unsigned",
    "long-unsigned",
    "compact-array",
    "long64",
    "long64-unsigned",
    "enum",
    "float32",
    "float64",
    "date-time",
    "date",
    "time",
    "delta-integer",
    "delta-long",
    "delta-double-long",
    "delta-unsigned",
    "delta-long-unsigned",
    "delta-double-long-unsigned"
  };

  private DataTags() {}

  /** The standard's name; empty where the tag is not assigned. */
  static String name(int tag) {
    if (tag == 255) {
      return "don't-care";
    }
    return tag >= 0 && tag < NAMES.length ? NAMES[tag] : "";
  }

  /** The tag of a name; -1 where there is none. */
  static int tag(String name) {
    for (int tag = 0; tag < NAMES.length; tag++) {
      if (!name.isEmpty() && NAMES[tag].equals(name)) {
        return tag;
      }
    }
    return name.equals("don't-care") ? 255 : -1;
  }
}
