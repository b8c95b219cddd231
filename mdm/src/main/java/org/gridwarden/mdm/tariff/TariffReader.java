package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.billing.Ladder;
import org.gridwarden.mdm.billing.Rounding;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.Tariff.FeedIn;
import org.gridwarden.mdm.billing.Tariff.Fixed;
import org.gridwarden.mdm.billing.Tariff.Minimum;
import org.gridwarden.mdm.billing.Tariff.Prepayment;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;
import org.jspecify.annotations.Nullable;

/** Reads a tariff in our own form: docs/billing.md has all of it in an example. */
final class TariffReader {
  /** What the form's first line says. */
  private static final String MARK = "gridwarden-tariff";

  private static final int LONGEST_NAME = 128;
  private static final Set<String> KEYS =
      Set.of(
          MARK,
          "name",
          "currency",
          "holidays",
          "seasons",
          "energy",
          "demand",
          "fixed",
          "minimum",
          "feed-in",
          "taxes",
          "rounding",
          "prepayment");

  private final DataNode root;
  private final MarketReader market;

  TariffReader(DataNode root, PriceFiles prices) {
    this.root = root;
    this.market = new MarketReader(prices);
  }

  /** The files of prices that were read on the way. */
  List<TariffFile.PriceFile> prices() {
    return market.read();
  }

  /**
   * The tariff.
   *
   * @throws DataFileException where a line cannot be used
   * @throws TariffException where a file of prices cannot
   * @throws IOException where one is there and cannot be read
   */
  Tariff tariff() throws DataFileException, TariffException, IOException {
    if (!"1".equals(root.text(MARK).orElse(""))) {
      throw root.error(
          MARK,
          "this is no tariff: one in our own form says `gridwarden-tariff: 1`, one in that of the"
              + " Utility Rate Database begins with a brace");
    }
    root.allow(KEYS);
    PeriodsReader periods = new PeriodsReader(Seasons.read(root), HolidaysReader.read(root));
    Optional<DataNode> energy = root.child("energy");
    EnergyReader ofEnergy = new EnergyReader(periods, energy);
    DemandReader ofDemand = new DemandReader(periods, root.child("demand"));
    FeedIn feedIn = feedIn();
    try {
      return new Tariff(
          name(),
          currency(),
          ofEnergy.periods().hours(),
          ofEnergy.periods().ladders(),
          ofDemand.hours(),
          ofDemand.ladders(),
          ofDemand.byMonth(),
          ofDemand.lookback(),
          ofDemand.window(),
          fixed(),
          minimum(),
          feedIn,
          TaxesReader.read(root),
          new Tariff.Terms(
              ofEnergy.all(),
              energy.isPresent() ? market.dynamic(energy.get()) : null,
              rounding(),
              prepayment()));
    } catch (IllegalArgumentException e) {
      throw root.error(MARK, String.valueOf(e.getMessage()));
    }
  }

  /** What the energy section says. */
  private static final class EnergyReader {
    private static final Set<String> KEYS =
        Set.of(
            "price", "tiers", "counted", "sell", "periods", "otherwise", "hours", "all", "market");

    private final PeriodsReader.Periods periods;
    private final List<Ladder> all;

    EnergyReader(PeriodsReader reader, Optional<DataNode> energy) throws DataFileException {
      DataNode none = DataNode.parse("tariff", "price: 0");
      DataNode node = energy.orElse(none);
      node.allow(KEYS);
      Optional<PeriodsReader.Periods> read = reader.read(node, true);
      periods = read.isPresent() ? read.get() : reader.read(none, true).orElseThrow();
      Optional<DataNode> together = node.child("all");
      all =
          together.isPresent()
              ? List.of(PeriodsReader.ladder(together.get(), true, false))
              : List.of();
      if (together.isPresent() && together.get().has("sell")) {
        throw together.get().error("sell", "periods buy what is fed in; write it there");
      }
    }

    PeriodsReader.Periods periods() {
      return periods;
    }

    List<Ladder> all() {
      return all;
    }
  }

  private String name() throws DataFileException {
    String name = root.text("name").orElse("");
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw root.error("name", "a tariff has a name of 1 to " + LONGEST_NAME + " characters");
    }
    return name;
  }

  private Currency currency() throws DataFileException {
    try {
      return Currency.getInstance(root.text("currency").orElse(""));
    } catch (IllegalArgumentException e) {
      throw root.error("currency", "a code of ISO 4217 is needed, as in currency: EUR");
    }
  }

  private Fixed fixed() throws DataFileException {
    Optional<DataNode> node = root.child("fixed");
    if (node.isEmpty()) {
      return Fixed.NONE;
    }
    node.get().allow(Set.of("per-day", "per-month"));
    return new Fixed(money(node.get(), "per-day"), money(node.get(), "per-month"));
  }

  private Minimum minimum() throws DataFileException {
    Optional<DataNode> node = root.child("minimum");
    if (node.isEmpty()) {
      return Minimum.NONE;
    }
    node.get().allow(Set.of("per-day", "per-month", "per-year"));
    return new Minimum(
        money(node.get(), "per-day"),
        money(node.get(), "per-month"),
        money(node.get(), "per-year"));
  }

  private static BigDecimal money(DataNode node, String key) throws DataFileException {
    return node.decimal(key, BigDecimal.ZERO, PeriodsReader.MOST_MONEY).orElse(BigDecimal.ZERO);
  }

  private FeedIn feedIn() throws DataFileException {
    String word = root.text("feed-in").orElse("unpaid");
    return switch (word) {
      case "unpaid" -> FeedIn.UNPAID;
      case "net-metering" -> FeedIn.NET_METERING;
      case "net-billing" -> FeedIn.NET_BILLING;
      default ->
          throw root.error(
              "feed-in", "'" + word + "' is not known; write unpaid, net-metering or net-billing");
    };
  }

  private Rounding rounding() throws DataFileException {
    Optional<DataNode> found = root.child("rounding");
    if (found.isEmpty()) {
      throw root.error(
          "rounding",
          "is missing: say how lines are rounded; write `rounding: {lines: half-up}` or half-even");
    }
    DataNode node = found.get();
    node.allow(Set.of("lines", "total-to"));
    String lines = node.text("lines").orElse("");
    RoundingMode mode =
        switch (lines) {
          case "half-up" -> RoundingMode.HALF_UP;
          case "half-even" -> RoundingMode.HALF_EVEN;
          default -> throw node.error("lines", "write half-up or half-even, not '" + lines + "'");
        };
    Optional<BigDecimal> total =
        node.decimal("total-to", BigDecimal.ZERO, BigDecimal.valueOf(1_000));
    if (total.isPresent()) {
      int digits = Math.max(0, currency().getDefaultFractionDigits());
      if (total.get().signum() == 0 || total.get().stripTrailingZeros().scale() > digits) {
        throw node.error(
            "total-to",
            "a multiple of the currency's smallest unit above zero is needed, as in total-to:"
                + " 0.05");
      }
    }
    return new Rounding(mode, total.orElse(null));
  }

  private @Nullable Prepayment prepayment() throws DataFileException {
    Optional<DataNode> found = root.child("prepayment");
    if (found.isEmpty()) {
      return null;
    }
    DataNode node = found.get();
    node.allow(Set.of("emergency-credit", "low-balance"));
    try {
      return new Prepayment(
          money(node, "emergency-credit"),
          node.decimal("low-balance", PeriodsReader.MOST_MONEY.negate(), PeriodsReader.MOST_MONEY)
              .orElseThrow(() ->
                  node.error("low-balance", "is missing: at which balance is somebody warned?")));
    } catch (IllegalArgumentException e) {
      throw root.error("prepayment", String.valueOf(e.getMessage()));
    }
  }
}
