package org.gridwarden.security;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A shipment as CSV. */
final class ShipmentCsv {
  private static final int MAX_COLUMNS = 32;

  private ShipmentCsv() {}

  static void read(InputStream in, BoundedInput bounded, ShipmentCheck check) throws IOException {
    CsvRecordHandler handler =
        CsvRecordHandler.builder()
            .maxFields(MAX_COLUMNS)
            .maxFieldSize(ShipmentCheck.MAX_FIELD)
            .maxRecordSize(4 * ShipmentCheck.MAX_FIELD)
            .build();
    int line = 1;
    try {
      CsvReader<CsvRecord> reader =
          CsvReader.builder()
              .maxBufferSize(64 << 10)
              .detectBomHeader(false)
              .allowExtraFields(true) // told as an error of the line, and reading goes on
              .allowMissingFields(true)
              .build(handler, new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        check.file(0, "", "is empty; its first line names the columns, serial among them");
        return;
      }
      List<String> columns = columns(records.next(), check);
      while (!columns.isEmpty() && records.hasNext()) {
        CsvRecord record = records.next();
        bounded.progress();
        line = (int) Math.min(Integer.MAX_VALUE, record.getStartingLineNumber());
        if (!check.room(line)) {
          return;
        }
        meter(record, line, columns, check);
      }
    } catch (CsvParseException e) {
      check.file(
          line,
          "",
          "after this line the file is no CSV: a quote is not closed, or a field is longer than "
              + ShipmentCheck.MAX_FIELD
              + " characters");
    } catch (UncheckedIOException e) {
      failed(
          e.getCause() instanceof IOException io ? io : new IOException(e), bounded, line, check);
    }
  }

  private static void failed(IOException e, BoundedInput bounded, int line, ShipmentCheck check)
      throws IOException {
    if (bounded.failed()) {
      throw e;
    }
    String what =
        e instanceof CharacterCodingException ? "after this line the file is not UTF-8" : null;
    check.file(line, "", what != null ? what : String.valueOf(e.getMessage()));
  }

  /** The columns' names in their order; empty where the header does not do. */
  private static List<String> columns(CsvRecord header, ShipmentCheck check) {
    List<String> columns =
        header.getFields().stream()
            .map(name -> name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT))
            .toList();
    boolean fine = true;
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      if (!ShipmentCheck.FIELDS.contains(column)) {
        check.file(
            1,
            "",
            "column "
                + (i + 1)
                + " is not known; the columns are "
                + String.join(", ", ShipmentCheck.FIELDS));
        fine = false;
      } else if (columns.indexOf(column) != i) {
        check.file(1, column, "stands twice in the header");
        fine = false;
      }
    }
    if (fine && !columns.contains("serial")) {
      check.file(1, "serial", "is missing in the header");
      fine = false;
    }
    return fine ? columns : List.of();
  }

  private static void meter(CsvRecord record, int line, List<String> columns, ShipmentCheck check) {
    if (record.getFieldCount() != columns.size()) {
      check.file(
          line,
          "",
          "has " + record.getFieldCount() + " fields, the header names " + columns.size());
      return;
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(columns.get(i), record.getField(i));
    }
    check.meter(line, fields);
  }
}
