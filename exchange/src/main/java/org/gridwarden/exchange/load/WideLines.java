package org.gridwarden.exchange.load;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;

/**
 * A line a day with 24, 48 or 96 values, or a line a week. A column is a clock time: where the
 * clock was set forward it must be empty or zero, and of an hour that is there twice the line has
 * the first one.
 */
final class WideLines {
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("[yyyy-MM-dd][dd.MM.yyyy][yyyy/MM/dd][yyyyMMdd]")
          .toFormatter(Locale.ROOT);

  private static final int SECONDS = 86_400;

  private final CsvFile file;
  private final CsvColumns columns;
  private final LocalTimes times;
  private final int step;
  private long left;

  WideLines(CsvFile file, CsvColumns columns) {
    this.file = file;
    this.columns = columns;
    this.times = new LocalTimes(file.settings(), file.names());
    this.step = SECONDS / columns.day();
  }

  FileLoad read(Reader text) throws IOException, LoadFileException {
    boolean power = file.power(columns);
    if (columns.time() < 0 && file.settings().from().isEmpty()) {
      throw new LoadFileException(
          "line 1: the lines have no date; say the day that they begin with: --from 2026-10-26");
    }
    CsvRecords.read(text, columns, file.problems(), this::take);
    List<String> notes = new ArrayList<>();
    if (left > 0) {
      notes.add(left + " intervals of an hour that autumn has twice are not in the file: gaps");
    }
    int days = columns.values().size() / columns.day();
    return file.finish(
        "CSV, a line " + (days == 1 ? "a day" : days + " days") + " of " + columns.day(),
        power,
        step,
        notes);
  }

  private void take(CsvRecord record, long line) throws LoadFileException {
    String meter = record.getField(columns.meter()).strip();
    if (meter.isEmpty()) {
      file.problems().add(line, "names no meter");
      return;
    }
    Optional<ZoneId> zone = times.zone(meter);
    if (zone.isEmpty()) {
      file.problems()
          .add(
              line,
              "speaks of meter '"
                  + LoadCsv.shown(meter)
                  + "', which is not known: import a shipment that names it, or say the --zone");
      return;
    }
    Optional<LocalDate> first = date(record, line);
    if (first.isPresent()) {
      for (int i = 0; i < columns.values().size(); i++) {
        one(record, line, meter, zone.get(), first.get(), i);
      }
    }
  }

  private Optional<LocalDate> date(CsvRecord record, long line) {
    if (columns.time() < 0) {
      return file.settings().from();
    }
    String text = record.getField(columns.time()).strip();
    try {
      LocalDate date = LocalDate.parse(text.length() > 20 ? "" : text, DATE);
      if (date.getYear() >= 1970 && date.getYear() <= 2200) {
        return Optional.of(date);
      }
    } catch (DateTimeException e) {
      // said below
    }
    file.problems().add(line, "has the date '" + LoadCsv.shown(text) + "'; write it as 2026-03-29");
    return Optional.empty();
  }

  private void one(
      CsvRecord record, long line, String meter, ZoneId zone, LocalDate first, int column)
      throws LoadFileException {
    String value = record.getField(columns.values().get(column)).strip();
    LocalDateTime clock =
        first
            .plusDays(column / columns.day())
            .atStartOfDay()
            .plusSeconds((long) (column % columns.day()) * step);
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(clock);
    Optional<Long> units = Figures.units(value, columns.separator() == ';', LoadCsv.DECIMALS);
    if (!value.isEmpty() && units.isEmpty()) {
      file.problems().add(line, Figures.notOne(value));
      return;
    }
    if (offsets.isEmpty()) {
      if (units.orElse(0L) != 0) {
        file.problems()
            .add(
                line,
                "has a value at "
                    + clock
                    + ", which no clock in "
                    + zone
                    + " showed: leave it empty, or is the zone another one?");
      }
      return;
    }
    left += offsets.size() - 1;
    if (units.isPresent()) {
      file.add(meter, clock.toEpochSecond(offsets.getFirst()), units.get(), line);
    }
  }
}
