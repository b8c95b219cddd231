package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What commands that show the server's lists share. */
final class JsonRows {
  private JsonRows() {}

  /** A table of some fields of each item. */
  static void print(PrintWriter out, JsonNode items, List<String> fields) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      List<String> row = new ArrayList<>();
      for (String field : fields) {
        row.add(text(item.path(field)));
      }
      rows.add(row);
    }
    Table.print(out, fields, rows);
  }

  /** A value in words, those of a list with commas; a dash where there is none. */
  static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> words = new ArrayList<>();
      value.forEach(one -> words.add(text(one)));
      return words.isEmpty() ? "-" : String.join(", ", words);
    }
    return value.isMissingNode() || value.isNull()
        ? "-"
        : value.isString() ? value.asString() : value.toString();
  }

  /** A further part of a query; nothing where it is not given. */
  static String query(String name, @Nullable String value) {
    return value == null || value.isEmpty() ? "" : "&" + name + "=" + encode(value);
  }

  /** A part of a path or query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
