package org.gridwarden.exchange.load;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** The records of a CSV file behind its header, each within limits. */
final class CsvRecords {
  private static final int FIELD = 256;
  private static final int RECORD = 1 << 16;

  private CsvRecords() {}

  /** Takes one record. */
  interface Each {
    void take(CsvRecord record, long line) throws LoadFileException;
  }

  static void read(Reader text, CsvColumns columns, Problems problems, Each each)
      throws IOException, LoadFileException {
    CsvRecordHandler handler =
        CsvRecordHandler.builder()
            .maxFields(columns.count() + 1)
            .maxFieldSize(FIELD)
            .maxRecordSize(RECORD)
            .build();
    long line = 1;
    try {
      CsvReader<CsvRecord> reader =
          CsvReader.builder()
              .fieldSeparator(columns.separator())
              .maxBufferSize(4 * RECORD)
              .detectBomHeader(false)
              .allowExtraFields(true) // told as an error of the line, and reading goes on
              .allowMissingFields(true)
              .build(handler, text);
      Iterator<CsvRecord> records = reader.iterator();
      if (records.hasNext()) {
        records.next();
      }
      while (records.hasNext()) {
        CsvRecord record = records.next();
        line = record.getStartingLineNumber();
        if (record.getFieldCount() == 1 && record.getField(0).isBlank()) {
          continue;
        }
        if (record.getFieldCount() != columns.count()) {
          problems.add(
              line,
              "has "
                  + record.getFieldCount()
                  + " fields where the header has "
                  + columns.count()
                  + ": write them all, empty ones too");
          continue;
        }
        each.take(record, line);
      }
    } catch (CsvParseException e) {
      throw new LoadFileException(
          "after line "
              + line
              + " the file is no CSV: a quote is not closed, or a field is longer than "
              + FIELD
              + " characters");
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }
}
