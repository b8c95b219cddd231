package org.gridwarden.mdm.vee;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.mdm.validation.Finding;

/** Writes what the rules found, a line a finding. */
final class FindingLines implements Closeable {
  private final Optional<BufferedWriter> out;

  /**
   * @param file empty: nothing is written
   */
  FindingLines(Optional<Path> file) throws IOException {
    out =
        file.isPresent()
            ? Optional.of(Files.newBufferedWriter(file.get(), StandardCharsets.UTF_8))
            : Optional.empty();
    if (out.isPresent()) {
      out.get().write("meter,from,to,rule,then,measured,permitted,unit\n");
    }
  }

  void write(MeterLines.Assembled lines, MeterResult result) throws IOException {
    if (out.isEmpty()) {
      return;
    }
    for (Finding finding : result.findings()) {
      int last = finding.to() - 1;
      long end = result.raw().time().epochSecondOf(finding.to());
      out.get()
          .write(
              FinishedLines.quoted(lines.meter())
                  + ","
                  + FinishedLines.start(
                      result.raw().time().epochSecondOf(finding.from()),
                      lines.offsets()[finding.from()],
                      lines.zulu())
                  + ","
                  + FinishedLines.start(end, lines.offsets()[last], lines.zulu())
                  + ","
                  + finding.rule().id()
                  + ","
                  + finding.then().name().toLowerCase(Locale.ROOT)
                  + ","
                  + figure(finding.measured())
                  + ","
                  + figure(finding.permitted())
                  + ","
                  + finding.rule().unit()
                  + "\n");
    }
  }

  /** A figure in few digits; nothing where it is not known. */
  static String figure(double figure) {
    if (Double.isNaN(figure)) {
      return "";
    }
    if (Double.isInfinite(figure)) {
      return figure > 0 ? "inf" : "-inf";
    }
    String text = String.format(Locale.ROOT, "%.3f", figure);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  @Override
  public void close() throws IOException {
    if (out.isPresent()) {
      out.get().close();
    }
  }
}
