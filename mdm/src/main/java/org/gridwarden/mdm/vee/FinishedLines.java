package org.gridwarden.mdm.vee;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.validation.Curve;

/** Writes finished curves: {@code meter,start,kwh,quality,method}, a line an interval. */
final class FinishedLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

  /** An estimate has at least so many decimals. */
  private static final int DECIMALS = 3;

  private final Writer out;

  FinishedLines(Writer out, String valueColumn) throws IOException {
    this.out = out;
    out.write("meter,start," + valueColumn + ",quality,method\n");
  }

  void write(MeterLines.Assembled lines, MeterResult result, Curve done) throws IOException {
    String meter = quoted(lines.meter());
    String[] methods = new String[done.values().length];
    for (Estimate estimate : result.estimates()) {
      Arrays.fill(methods, estimate.from(), estimate.to(), estimate.methodId());
    }
    int estimated = Math.max(DECIMALS, lines.mostDecimals());
    for (int i = 0; i < done.values().length; i++) {
      MeterResult.Mark mark = MeterResult.mark(done, i);
      out.write(meter);
      out.write(',');
      out.write(start(done.time().epochSecondOf(i), lines.offsets()[i], lines.zulu()));
      out.write(',');
      switch (mark) {
        case MISSING -> {}
        case ESTIMATED -> out.write(value(done.values()[i], estimated));
        case GOOD, SUSPECT -> out.write(value(done.values()[i], lines.decimals()[i]));
      }
      out.write(',');
      out.write(mark.word());
      out.write(',');
      out.write(methods[i] == null ? "" : methods[i]);
      out.write('\n');
    }
  }

  static String start(long second, int offset, boolean zulu) {
    ZoneOffset its = ZoneOffset.ofTotalSeconds(offset);
    OffsetDateTime at = OffsetDateTime.ofInstant(Instant.ofEpochSecond(second), its);
    return TIME.format(at) + (offset != 0 ? its.getId() : zulu ? "Z" : "+00:00");
  }

  static String value(long billionths, int decimals) {
    return BigDecimal.valueOf(billionths, LoadCsv.DECIMALS)
        .setScale(decimals, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  static String quoted(String field) {
    return field.indexOf(',') >= 0 || field.indexOf('"') >= 0
        ? '"' + field.replace("\"", "\"\"") + '"'
        : field;
  }
}
