package org.gridwarden.mdm.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.tariff.TariffFile;

/** Reads tariffs in whichever form they are. Thread-safe. */
public final class TariffForms implements TariffParser {
  @Override
  public Tariff read(byte[] document, Others others) throws TariffException {
    try {
      return TariffFile.parse(
              document, (name, sha256) -> others.find(HexFormat.of().formatHex(sha256)))
          .tariff();
    } catch (IOException e) {
      throw new UncheckedIOException("documents that are in memory cannot be read", e);
    }
  }
}
