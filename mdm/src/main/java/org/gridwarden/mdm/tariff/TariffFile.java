package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.billing.UrdbTariff;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;
import org.gridwarden.security.command.TariffManifest;

/**
 * A tariff as a file says it, in whichever form. Immutable.
 *
 * @param form which one it is in
 * @param tariff what it says
 * @param prices the files of prices that it names
 */
public record TariffFile(Form form, Tariff tariff, List<PriceFile> prices) {
  public TariffFile {
    prices = List.copyOf(prices);
  }

  /** What a tariff is written in; its word is stored. */
  public enum Form {
    /** The Utility Rate Database's, JSON: its first sign is a brace. */
    URDB,
    /** Our own, YAML. */
    GRIDWARDEN;

    /** As it is stored and signed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A file of prices that a tariff names.
   *
   * @param file what it calls it
   * @param sha256 its hash
   * @param document its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record PriceFile(String file, byte[] sha256, byte[] document) {}

  /**
   * Reads a file; the prices that it names stand beside it.
   *
   * @throws TariffException where it is no tariff, with the place and the remedy
   * @throws IOException where it cannot be read
   */
  public static TariffFile read(Path file) throws TariffException, IOException {
    if (Files.size(file) > TariffManifest.LARGEST) {
      throw new TariffException("tariff", "longer than " + (TariffManifest.LARGEST >> 20) + " MiB");
    }
    Path folder = file.toAbsolutePath().getParent();
    return parse(
        Files.readAllBytes(file), folder == null ? PriceFiles.NONE : PriceFiles.in(folder));
  }

  /**
   * Reads a tariff's bytes.
   *
   * @param prices where the prices are that it names
   * @throws TariffException where they are none, with the place and the remedy
   * @throws IOException where prices are there and cannot be read
   */
  public static TariffFile parse(byte[] document, PriceFiles prices)
      throws TariffException, IOException {
    if (document.length > TariffManifest.LARGEST) {
      throw new TariffException("tariff", "longer than " + (TariffManifest.LARGEST >> 20) + " MiB");
    }
    String text = new String(document, StandardCharsets.UTF_8);
    String bare = text.stripLeading();
    if (bare.startsWith("{") || bare.startsWith("[")) {
      return new TariffFile(Form.URDB, UrdbTariff.parse(document), List.of());
    }
    try {
      TariffReader reader = new TariffReader(DataNode.parse("tariff", text), prices);
      return new TariffFile(Form.GRIDWARDEN, reader.tariff(), reader.prices());
    } catch (DataFileException e) {
      throw new TariffException(e.line() > 0 ? "line " + e.line() : "tariff", e.problem());
    }
  }
}
