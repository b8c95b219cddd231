package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.DlmsDecoder.Result.Message;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushValue;

/** A decoded message for a person. */
final class DecodedText {
  private DecodedText() {}

  /** Whether the message is still ciphered, for want of a key. */
  static boolean isLocked(Message message) {
    return message.apdu() instanceof Apdu.Ciphered;
  }

  static void print(PrintWriter out, Message message) {
    StringBuilder head = new StringBuilder(message.apdu().name());
    head.append(" over ").append(message.link());
    if (message.apdu() instanceof Apdu.DataNotification push) {
      head.append(push.confirmed() ? ", wants a confirm" : ", unconfirmed");
      push.dateTime()
          .ifPresent(t -> head.append(", sent ").append(t.text(message.profile().deviation())));
    }
    if (message.apdu() instanceof Apdu.EventNotification event) {
      event
          .time()
          .ifPresent(t -> head.append(", at ").append(t.text(message.profile().deviation())));
    }
    out.println(head);
    if (!message.security().isEmpty()) {
      out.println(
          "  "
              + message.security()
              + "; system title "
              + (message.systemTitle().isEmpty() ? "not named" : message.systemTitle())
              + ", counter "
              + message.frameCounter());
    }
    message.push().ifPresent(push -> values(out, message, push));
    out.println();
  }

  static void values(PrintWriter out, Message message, Push push) {
    out.println("  layout " + push.layout() + ", " + push.values().size() + " values");
    boolean rows = push.values().stream().anyMatch(v -> v.row() >= 0);
    List<String> heading = new ArrayList<>(List.of("  OBIS", "value", "unit", "use"));
    if (rows) {
      heading.addAll(List.of("at", "status"));
    }
    List<List<String>> lines = new ArrayList<>();
    for (PushValue v : push.values()) {
      List<String> cells = new ArrayList<>();
      cells.add("  " + (v.hasObis() ? v.obis().toString() : "-"));
      cells.add(printable(v.text(message.profile().deviation())));
      cells.add(v.scaling().known() ? v.scaling().unit().symbol() : "");
      cells.add(v.role().name().toLowerCase(Locale.ROOT));
      if (rows) {
        cells.add(v.row() < 0 ? "" : v.at().text(message.profile().deviation()));
        cells.add(v.status() < 0 ? "" : Long.toString(v.status()));
      }
      lines.add(cells);
    }
    Table.print(out, heading, lines);
  }

  /** A meter's text may hold anything; a terminal must not be driven by it. */
  static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return clean.toString();
  }
}
