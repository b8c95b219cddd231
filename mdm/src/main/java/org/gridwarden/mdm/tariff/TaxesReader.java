package org.gridwarden.mdm.tariff;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.billing.Tariff.Base;
import org.gridwarden.mdm.billing.Tariff.Tax;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** Reads a tariff's taxes and levies. Pure functions. */
final class TaxesReader {
  private static final int MOST = 64;
  private static final int LONGEST_NAME = 64;
  private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1_000);

  private TaxesReader() {}

  /** Those that a file's outermost mapping lists, in its order. */
  static List<Tax> read(DataNode root) throws DataFileException {
    List<DataNode> lines = root.children("taxes").orElse(List.of());
    if (lines.size() > MOST) {
      throw root.error("taxes", "more than " + MOST + " of them; put some together");
    }
    List<Tax> taxes = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (DataNode line : lines) {
      line.allow(Set.of("name", "percent", "on", "per-kwh", "per-day", "per-month"));
      String name = line.text("name").orElse("");
      if (name.isBlank() || name.length() > LONGEST_NAME) {
        throw line.error("name", "a tax has a name of 1 to " + LONGEST_NAME + " characters");
      }
      BigDecimal percent =
          line.decimal("percent", BigDecimal.ZERO, MOST_PERCENT).orElse(BigDecimal.ZERO);
      taxes.add(
          new Tax(
              name,
              percent.movePointLeft(2),
              money(line, "per-kwh"),
              money(line, "per-day"),
              money(line, "per-month"),
              on(line, names)));
      if (!names.add(name)) {
        throw line.error("name", "'" + name + "' is there twice; call one otherwise");
      }
    }
    return taxes;
  }

  private static Base on(DataNode line, Set<String> before) throws DataFileException {
    Optional<List<String>> words = line.texts("on");
    if (words.isEmpty()) {
      return Base.NET;
    }
    if (!line.has("percent")) {
      throw line.error("on", "it is about a percentage, and there is none; leave it out");
    }
    EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<String> taxes = new LinkedHashSet<>();
    for (String word : words.get()) {
      switch (word) {
        case "energy" -> kinds.add(Kind.ENERGY);
        case "demand" -> kinds.add(Kind.DEMAND);
        case "fixed" -> kinds.add(Kind.FIXED);
        case "minimum" -> kinds.add(Kind.MINIMUM);
        case "feed-in" -> kinds.add(Kind.FEED_IN);
        case "all" -> kinds.addAll(Base.NET.kinds());
        default -> {
          if (!before.contains(word)) {
            throw line.error(
                "on",
                "'"
                    + word
                    + "' is not known; write energy, demand, fixed, minimum, feed-in, all or the"
                    + " name of a tax above: "
                    + before);
          }
          taxes.add(word);
        }
      }
    }
    return new Base(kinds, taxes);
  }

  private static BigDecimal money(DataNode node, String key) throws DataFileException {
    return node.decimal(key, PeriodsReader.MOST_MONEY.negate(), PeriodsReader.MOST_MONEY)
        .orElse(BigDecimal.ZERO);
  }
}
