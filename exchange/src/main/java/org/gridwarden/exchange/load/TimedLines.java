package org.gridwarden.exchange.load;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** A line an interval, whatever its columns are called and whether times have an offset. */
final class TimedLines {
  private final CsvFile file;
  private final CsvColumns columns;

  TimedLines(CsvFile file, CsvColumns columns) {
    this.file = file;
    this.columns = columns;
  }

  FileLoad read(Reader text) throws IOException, LoadFileException {
    boolean power = file.power(columns);
    LocalTimes times = new LocalTimes(file.settings(), file.names());
    CsvRecords.read(
        text,
        columns,
        file.problems(),
        (record, line) -> {
          String meter = record.getField(columns.meter()).strip();
          String value = record.getField(columns.values().getFirst()).strip();
          if (meter.isEmpty()) {
            file.problems().add(line, "names no meter");
            return;
          }
          LocalTimes.Found at =
              times.of(record.getField(columns.time()).strip(), meter, file.lastStart(meter));
          if (!at.fine()) {
            file.problems().add(line, at.fault());
            return;
          }
          if (value.isEmpty()) {
            return; // a gap
          }
          Optional<Long> units = Figures.units(value, columns.separator() == ';', LoadCsv.DECIMALS);
          if (units.isEmpty()) {
            file.problems().add(line, Figures.notOne(value));
            return;
          }
          file.add(meter, at.second(), units.get(), line);
        });
    return file.finish("CSV, a line an interval", power, 0, List.of());
  }
}
