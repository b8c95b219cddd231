package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.gridwarden.mdm.billing.Dynamic;
import org.gridwarden.mdm.billing.PriceCurve;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;
import org.jspecify.annotations.Nullable;

/** Reads prices by the interval: the files that a tariff names, and what it makes of them. */
final class MarketReader {
  private static final int MOST_FILES = 64;
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final BigDecimal FACTOR = BigDecimal.valueOf(1_000);

  private final PriceFiles files;
  private final List<TariffFile.PriceFile> read = new ArrayList<>();

  MarketReader(PriceFiles files) {
    this.files = files;
  }

  List<TariffFile.PriceFile> read() {
    return read;
  }

  /** What {@code energy} says of a market; null where it says nothing. */
  @Nullable Dynamic dynamic(DataNode energy)
      throws DataFileException, TariffException, IOException {
    Optional<DataNode> found = energy.child("market");
    if (found.isEmpty()) {
      return null;
    }
    DataNode node = found.get();
    node.allow(Set.of("files", "times", "plus", "sell-times", "sell-plus"));
    if (node.has("sell-plus") && !node.has("sell-times")) {
      throw node.error("sell-plus", "is added to what `sell-times` makes; write that, too");
    }
    BigDecimal most = PeriodsReader.MOST_MONEY;
    return new Dynamic(
        curve(node),
        node.decimal("times", FACTOR.negate(), FACTOR).orElse(BigDecimal.ONE),
        node.decimal("plus", most.negate(), most).orElse(BigDecimal.ZERO),
        node.decimal("sell-times", FACTOR.negate(), FACTOR).orElse(null),
        node.decimal("sell-plus", most.negate(), most).orElse(BigDecimal.ZERO));
  }

  private PriceCurve curve(DataNode node) throws DataFileException, TariffException, IOException {
    List<DataNode> named = node.children("files").orElse(List.of());
    if (named.isEmpty() || named.size() > MOST_FILES) {
      throw node.error(
          "files",
          "1 to "
              + MOST_FILES
              + " files of prices are expected, as in - {file: prices.csv, sha256: …}");
    }
    List<PriceCurve> curves = new ArrayList<>();
    for (DataNode one : named) {
      one.allow(Set.of("file", "sha256"));
      String file = one.text("file").orElse("");
      if (!FILE.matcher(file).matches()) {
        throw one.error(
            "file", "a file's name without a folder is needed: letters, digits, '.', '_' and '-'");
      }
      byte[] document = document(one, file);
      read.add(new TariffFile.PriceFile(file, hash(document), document));
      curves.add(PriceCsv.parse(file, document));
    }
    return PriceCsv.join("files", curves);
  }

  private byte[] document(DataNode one, String file) throws DataFileException, IOException {
    String hex = one.text("sha256").orElse("");
    if (!SHA256.matcher(hex).matches()) {
      throw one.error(
          "sha256", "64 hexadecimal digits are needed, as `sha256sum " + file + "` prints them");
    }
    byte[] sha256 = HexFormat.of().parseHex(hex);
    byte[] document =
        files
            .find(file, sha256)
            .orElseThrow(() ->
                one.error(
                    "file", "there is no " + file + " with SHA-256 " + hex + ": bring it first"));
    if (!MessageDigest.isEqual(hash(document), sha256)) {
      throw one.error(
          "sha256",
          file + " has SHA-256 " + HexFormat.of().formatHex(hash(document)) + ", not this one");
    }
    return document;
  }

  private static byte[] hash(byte[] document) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(document);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
