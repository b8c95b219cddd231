package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.gridwarden.channel.zigbee.Notices;
import org.gridwarden.channel.zigbee.ToldBook;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code zigbee message} and {@code zigbee told}; apart from their commands. */
final class ZigbeeToldRun {
  private static final List<String> HEADING =
      List.of("METER", "WHAT", "FROM", "MINUTES", "STATE", "SINCE", "TEXT");

  private ZigbeeToldRun() {}

  static void message(
      Path folder,
      String meter,
      @Nullable String text,
      boolean end,
      Duration lasting,
      String importance,
      boolean confirm) {
    try {
      if (end) {
        Notices.end(folder, meter);
      } else if (text == null) {
        throw new Failure("say what is to be shown: --text, or --end");
      } else {
        Notices.show(folder, meter, lasting, importance, confirm, text);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  static void told(Path folder, @Nullable String meter, boolean json, PrintWriter out) {
    List<ToldBook.Line> lines;
    try {
      lines =
          ToldBook.list(folder).stream()
              .filter(l -> meter == null || l.meter().equals(meter))
              .toList();
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    if (json) {
      out.println(
          new JsonMapper()
              .writeValueAsString(
                  lines.stream()
                      .map(l ->
                          Map.of(
                              "meter", l.meter(),
                              "what", l.kind(),
                              "from", l.from().toString(),
                              "minutes", l.minutes(),
                              "state", l.state(),
                              "since", l.at().toString(),
                              "text", l.text()))
                      .toList()));
    } else {
      Table.print(
          out,
          HEADING,
          lines.stream()
              .map(l ->
                  List.of(
                      l.meter(),
                      l.kind(),
                      l.from().toString(),
                      Integer.toString(l.minutes()),
                      l.state(),
                      l.at().toString(),
                      l.text()))
              .toList());
    }
    out.flush();
  }
}
