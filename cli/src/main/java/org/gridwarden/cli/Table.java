package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints rows in columns as wide as they need. */
final class Table {
  private Table() {}

  /** A heading and the rows, each with as many cells as the heading. */
  static void print(PrintWriter out, List<String> heading, List<List<String>> rows) {
    int[] widths = heading.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    line(out, heading, widths);
    rows.forEach(row -> line(out, row, widths));
  }

  private static void line(PrintWriter out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
    }
    out.println(line.toString().stripTrailing());
  }
}
