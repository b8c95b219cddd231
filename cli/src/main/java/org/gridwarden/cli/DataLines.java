package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DataText;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.capture.Access;

/** COSEM values for a person: on one line where they fit, else as a table or as lines. */
final class DataLines {
  private static final int FITS = 100;

  private final PrintWriter out;
  private final CosemDateTime.DeviationSign sign;
  private final String before;
  private final String indent;

  /**
   * @param before before a value in the first line
   * @param indent before the lines that follow it
   */
  DataLines(PrintWriter out, CosemDateTime.DeviationSign sign, String before, String indent) {
    this.out = out;
    this.sign = sign;
    this.before = before;
    this.indent = indent;
  }

  /** A line, its value or result behind it, or below it where it does not fit. */
  void headed(StringBuilder head, Access access) {
    access.result().ifPresent(result -> head.append("  ").append(result));
    if (access.value().isEmpty()) {
      out.println(head);
    } else if (access.target() instanceof Access.Attribute(AttributeRef ref, var selection)
        && (ref.classId() == 15 || ref.classId() == 12)
        && ref.attribute() == 2
        && !ObjectRow.of(access.value().get()).isEmpty()) {
      List<ObjectRow> objects = ObjectRow.of(access.value().get());
      out.println(head.append("  ").append(objects.size()).append(" objects"));
      ObjectRow.print(out, indent + "  ", objects);
    } else {
      headed(head, access.value().get(), access.scaling(), access.columns());
    }
  }

  /**
   * A line and a value.
   *
   * @param columns a profile's, where known
   */
  void headed(StringBuilder head, DlmsData data, Scaling scaling, List<Access.Column> columns) {
    boolean rows = isRows(data);
    if (rows) {
      DlmsData.Composite list = (DlmsData.Composite) data;
      out.println(head.append("  ").append(list.size()).append(" rows"));
      rows(list, columns);
      return;
    }
    String text = DecodedText.printable(DataText.text(data, scaling));
    if (text.length() <= FITS || !(data instanceof DlmsData.Composite list)) {
      out.println(head.append(before).append(text));
      return;
    }
    out.println(head.append("  ").append(data.typeName()).append(" of ").append(list.size()));
    lines(list, indent + "  ");
  }

  static String oneLine(DlmsData data) {
    return DecodedText.printable(DataText.text(data, Scaling.NONE));
  }

  /** An array of structures of one size: a profile's buffer, or a list of that kind. */
  private static boolean isRows(DlmsData data) {
    if (data instanceof DlmsData.Structure
        || !(data instanceof DlmsData.Composite list)
        || list.size() == 0) {
      return false;
    }
    int cells = list.get(0) instanceof DlmsData.Structure first ? first.size() : 0;
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof DlmsData.Structure row)
          || row.size() != cells
          || row.elements().stream().anyMatch(c -> oneLine(c).length() > FITS)) {
        return false;
      }
    }
    return cells > 0;
  }

  private void rows(DlmsData.Composite list, List<Access.Column> columns) {
    int cells = ((DlmsData.Structure) list.get(0)).size();
    List<String> heading = new ArrayList<>();
    for (int c = 0; c < cells; c++) {
      heading.add(
          (c == 0 ? indent + "  " : "")
              + (columns.size() == cells ? name(columns.get(c)) : "[" + (c + 1) + "]"));
    }
    List<List<String>> lines = new ArrayList<>();
    for (DlmsData row : list.elements()) {
      List<String> line = new ArrayList<>(cells);
      for (int c = 0; c < cells; c++) {
        Scaling scaling = columns.size() == cells ? columns.get(c).scaling() : Scaling.NONE;
        line.add((c == 0 ? indent + "  " : "") + cell(((DlmsData.Structure) row).get(c), scaling));
      }
      lines.add(line);
    }
    Table.print(out, heading, lines);
  }

  /** With its unit where known; the attribute too, where it is not the value. */
  private static String name(Access.Column column) {
    AttributeRef ref = column.ref();
    String name =
        ref.attribute() == 2
            ? ref.instance().toString()
            : ref.instance() + ":" + ref.classId() + ":" + ref.attribute();
    return column.scaling().known() ? name + " " + column.scaling().unit().symbol() : name;
  }

  private String cell(DlmsData data, Scaling scaling) {
    if (data instanceof DlmsData.OctetString time && time.length() == 12) {
      return DecodedText.printable(DataText.text(time, sign));
    }
    return data instanceof DlmsData.Whole whole
        ? whole.decimal().scaleByPowerOfTen(scaling.scaler()).toPlainString()
        : oneLine(data);
  }

  private void lines(DlmsData.Composite list, String before) {
    for (DlmsData element : list.elements()) {
      String text = oneLine(element);
      if (text.length() <= FITS || !(element instanceof DlmsData.Composite inner)) {
        out.println(before + text);
      } else {
        out.println(before + element.typeName() + " of " + inner.size());
        lines(inner, before + "  ");
      }
    }
  }
}
