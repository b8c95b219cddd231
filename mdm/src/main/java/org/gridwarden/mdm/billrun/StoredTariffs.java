package org.gridwarden.mdm.billrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.tariff.TariffFile;
import org.gridwarden.store.TariffBook;

/** Tariffs as the store has them, version by version. Thread-safe. */
public final class StoredTariffs implements Tariffs {
  private final TariffBook book;

  /** Over the store's book. */
  public StoredTariffs(TariffBook book) {
    this.book = book;
  }

  @Override
  public List<Version> versions(String id) {
    return book.during(id, LocalDate.of(1970, 1, 1), LocalDate.of(9999, 12, 31)).stream()
        .map(v ->
            new Version(v.id(), v.version(), v.validFrom(), HexFormat.of().formatHex(v.sha256())))
        .toList();
  }

  @Override
  public Optional<Document> document(String id, int version) {
    return book.version(id, version)
        .map(stored -> {
          Map<String, byte[]> others = new LinkedHashMap<>();
          try {
            for (TariffFile.PriceFile prices :
                TariffFile.parse(stored.document(), (name, sha256) -> book.prices(sha256))
                    .prices()) {
              others.put(CanonicalJson.digest(prices.document()), prices.document());
            }
          } catch (TariffException e) {
            // whoever reads it is told; the document is as it is
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return new Document(stored.document(), others);
        });
  }
}
