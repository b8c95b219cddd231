package org.gridwarden.exchange.export;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * Intervals as CSV: meter,start,kwh,quality, the form that validation, bills and imports read; of
 * reactive and apparent energy the value's column says so.
 */
public final class CsvExport {
  private static final int KILO = 3;

  private final Source source;

  /** Of intervals from there. */
  public CsvExport(Source source) {
    this.source = source;
  }

  /**
   * Writes parts of one channel.
   *
   * @throws IOException where it cannot be written
   */
  public void write(List<ExportPart> parts, ObisCode obis, Writer out) throws IOException {
    boolean begun = false;
    for (ExportPart part : parts) {
      Optional<ExportChannel> channel =
          source.channels(part.meter().id()).stream()
              .filter(c -> c.obis().equals(obis))
              .findFirst();
      if (channel.isEmpty()) {
        continue;
      }
      ExportChannel its = channel.get();
      if (!begun) {
        out.write("meter,start," + column(its.measure().unit()) + ",quality\r\n");
        begun = true;
      }
      source.days(
          part,
          its,
          day -> {
            for (ExportSlot slot : day) {
              out.write(line(part, its, slot));
            }
          });
    }
    if (!begun) {
      out.write("meter,start,kwh,quality\r\n");
    }
  }

  private static String column(Unit unit) {
    return switch (unit) {
      case VAR_HOUR -> "kvarh";
      case VOLT_AMPERE_HOUR -> "kvah";
      default -> "kwh";
    };
  }

  private static String line(ExportPart part, ExportChannel channel, ExportSlot slot) {
    return part.meter().id()
        + ","
        + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            Instant.ofEpochSecond(slot.start()).atZone(part.meter().zone()).toOffsetDateTime())
        + ","
        + BigDecimal.valueOf(slot.value())
            .scaleByPowerOfTen(channel.scaler() - KILO)
            .toPlainString()
        + ","
        + quality(slot.quality())
        + "\r\n";
  }

  /** The words that the reader of this form knows, and those beside them. */
  private static String quality(byte flags) {
    if ((flags & Quality.ESTIMATED) != 0) {
      return "estimated";
    }
    if ((flags & Quality.DOUBTFUL) != 0 || (flags & Quality.UNAUTHENTICATED) != 0) {
      return "doubtful";
    }
    return flags == Quality.GOOD ? "good" : "marked";
  }
}
