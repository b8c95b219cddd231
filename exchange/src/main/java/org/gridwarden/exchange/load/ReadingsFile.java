package org.gridwarden.exchange.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.gridwarden.exchange.cim.CimReadings;
import org.gridwarden.exchange.xml.ElementReader;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** Reads a file of readings by what it begins with: XML, JSON, or else CSV. */
final class ReadingsFile {
  private static final int PEEK = 1024;

  private ReadingsFile() {}

  static FileLoad read(
      InputStream in, ImportSettings settings, MeterNames names, Instant now, long most)
      throws IOException, LoadFileException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    return switch (first(buffered)) {
      case '<' -> xml(buffered, settings, names, now, most);
      case '{' -> CimFile.json(buffered, settings, names, now, most);
      default -> new CsvFile(settings, names, now).read(buffered);
    };
  }

  /** The first byte that is neither space nor a mark of the encoding; a space where none is. */
  private static int first(BufferedInputStream in) throws IOException {
    in.mark(PEEK);
    int c = ' ';
    for (int i = 0;
        i < PEEK && (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c > 0x7F);
        i++) {
      c = in.read();
      if (c < 0) {
        break;
      }
    }
    in.reset();
    return c;
  }

  private static FileLoad xml(
      InputStream in, ImportSettings settings, MeterNames names, Instant now, long most)
      throws IOException, LoadFileException {
    try (ElementReader reader = new ElementReader(in, XmlLimits.of(most))) {
      return CimReadings.isMessage(reader.root())
          ? CimFile.xml(reader, settings, names, now)
          : new GreenButtonFile(settings, names, now).read(reader);
    } catch (XmlException e) {
      throw new LoadFileException(String.valueOf(e.getMessage()));
    }
  }
}
