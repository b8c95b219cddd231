package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.capture.Access;
import org.gridwarden.dlms.capture.Detail;
import org.gridwarden.dlms.capture.Followed;

/**
 * A message of a conversation for a person: one line with time, direction, link, service, object
 * and result or value; what does not fit it stands below, indented.
 */
final class ConversationText {
  private final PrintWriter out;
  private String path = "";

  ConversationText(PrintWriter out) {
    this.out = out;
  }

  void print(Followed m) {
    if (!m.path().isEmpty() && !m.path().equals(path) && !turned(m.path()).equals(path)) {
      // the transport's addresses once, not in each line
      path = m.path();
      out.println("--- " + path.replace(" > ", " and "));
    }
    StringBuilder head = new StringBuilder();
    if (!m.time().isEmpty()) {
      head.append(m.time()).append("  ");
    }
    head.append(
        switch (m.direction()) {
          case TO_METER -> "> ";
          case FROM_METER -> "< ";
          case UNKNOWN -> "? ";
        });
    LinkInfo link = m.message().link();
    if (link.kind() != LinkInfo.Kind.RAW) {
      head.append(link).append("  ");
    }
    head.append(m.service());
    List<Access> accesses = m.accesses();
    if (accesses.size() == 1) {
      head.append("  ").append(object(accesses.get(0)));
    } else if (accesses.size() > 1) {
      head.append("  ").append(accesses.size()).append(" objects");
    }
    String summary = summary(m);
    if (!summary.isEmpty()) {
      head.append("  ").append(summary);
    }
    boolean single = accesses.size() == 1;
    DataLines value =
        new DataLines(out, m.message().profile().deviation(), " = ", single ? "  " : "    ");
    if (single) {
      value.headed(head, accesses.get(0));
    } else {
      out.println(head);
      for (Access access : accesses) {
        value.headed(new StringBuilder("  ").append(object(access)), access);
      }
    }
    indented(m);
  }

  private static String turned(String path) {
    String[] ends = path.split(" > ", -1);
    return ends.length == 2 ? ends[1] + " > " + ends[0] : path;
  }

  private static String object(Access access) {
    StringBuilder text = new StringBuilder(access.target().place());
    if (!access.target().name().isEmpty()) {
      text.append(' ').append(access.target().name());
    }
    switch (access.target()) {
      case Access.Attribute(var ref, var selection) ->
          selection.ifPresent(s -> text.append(selection(s)));
      case Access.ShortName(int name, var selection) ->
          selection.ifPresent(s -> text.append(selection(s)));
      case Access.Method _, Access.Unknown _ -> {
        // whole
      }
    }
    return text.toString();
  }

  private static String selection(Selection s) {
    if (s.parameters() instanceof DlmsData.Structure p && p.size() == 4) {
      if (s.selector() == Selection.BY_RANGE) {
        return " from " + DataLines.oneLine(p.get(1)) + " to " + DataLines.oneLine(p.get(2));
      }
      if (s.selector() == Selection.BY_ENTRY) {
        return " entries " + DataLines.oneLine(p.get(0)) + " to " + DataLines.oneLine(p.get(1));
      }
    }
    return " selector " + s.selector() + " " + DataLines.oneLine(s.parameters());
  }

  /** What a message without objects says shortly; or which block it is. */
  private static String summary(Followed m) {
    StringBuilder text = new StringBuilder();
    for (Detail d : m.details()) {
      switch (d.name()) {
        case "next block", "block", "block taken" ->
            text.append(text.isEmpty() ? "" : ", ").append(d.name()).append(' ').append(d.value());
        case "result", "refused", "locked", "not read", "mechanism", "error" ->
            text.append(text.isEmpty() ? "" : ", ").append(d.value());
        default -> {
          // below
        }
      }
    }
    return text.toString();
  }

  private void indented(Followed m) {
    if (!m.message().security().isEmpty()) {
      out.println(
          "    "
              + m.message().security()
              + "; system title "
              + (m.message().systemTitle().isEmpty() ? "not named" : m.message().systemTitle())
              + (m.message().frameCounter() < 0 ? "" : ", counter " + m.message().frameCounter()));
    }
    for (Detail d : m.details()) {
      switch (d.name()) {
        case "next block",
            "block",
            "block taken",
            "invoke id",
            "result",
            "refused",
            "locked",
            "not read",
            "error",
            "wants a confirm" -> {
          // in the line
        }
        default -> out.println("    " + d.name() + ": " + DecodedText.printable(d.value()));
      }
    }
    if (m.message().push().isPresent() && m.accesses().isEmpty()) {
      DecodedText.values(out, m.message(), m.message().push().get());
    }
  }
}
