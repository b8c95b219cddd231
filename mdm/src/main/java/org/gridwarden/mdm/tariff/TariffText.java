package org.gridwarden.mdm.tariff;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gridwarden.mdm.billing.Dynamic;
import org.gridwarden.mdm.billing.Hours;
import org.gridwarden.mdm.billing.Ladder;
import org.gridwarden.mdm.billing.Lookback;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.Tier;

/** A tariff in a few lines, as it was understood: for whoever wrote it to read again. */
public final class TariffText {
  private TariffText() {}

  /** A line for each thing that it says, its word in front. */
  public static List<String> lines(TariffFile file) {
    Tariff tariff = file.tariff();
    List<String> lines = new ArrayList<>();
    lines.add("tariff    " + tariff.name());
    lines.add("form      " + file.form().word() + ", amounts in " + tariff.currency());
    periods(lines, "energy", tariff.energyHours(), tariff.energy(), "kWh");
    tariff
        .terms()
        .allEnergy()
        .forEach(all -> lines.add("          all hours " + steps(all, "kWh")));
    Dynamic dynamic = tariff.terms().dynamic();
    if (dynamic != null) {
      lines.add(
          "market    by "
              + dynamic.curve().seconds() / 60
              + " minutes, "
              + dynamic.curve().start()
              + " to "
              + dynamic.curve().end());
    }
    if (!tariff.demand().isEmpty()) {
      periods(lines, "demand", tariff.demandHours(), tariff.demand(), "kW");
    }
    if (!tariff.flatDemand().isEmpty()) {
      Map<String, List<String>> months = new LinkedHashMap<>();
      for (int m = 0; m < 12; m++) {
        months
            .computeIfAbsent(steps(tariff.flatDemand().get(m), "kW"), s -> new ArrayList<>())
            .add(String.valueOf(m + 1));
      }
      months.forEach((steps, which) ->
          lines.add(
              "demand    by the month "
                  + steps
                  + (which.size() < 12 ? " in months " + String.join(", ", which) : "")));
    }
    lookback(lines, tariff.lookback());
    if (tariff.window().minutes() > 0) {
      lines.add(
          "window    "
              + tariff.window().minutes()
              + " minutes, "
              + (tariff.window().sliding() ? "sliding" : "block beside block"));
    }
    money(lines, "fixed     ", tariff.fixed().perDay(), "a day");
    money(lines, "fixed     ", tariff.fixed().perMonth(), "a month");
    money(lines, "minimum   ", tariff.minimum().perDay(), "a day");
    money(lines, "minimum   ", tariff.minimum().perMonth(), "a month");
    money(lines, "minimum   ", tariff.minimum().perYear(), "a year");
    lines.add("feed-in   " + tariff.feedIn().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    for (Tariff.Tax tax : tariff.taxes()) {
      money(lines, "tax       " + tax.name() + " ", tax.perKilowattHour(), "a kWh");
      money(lines, "tax       " + tax.name() + " ", tax.perDay(), "a day");
      money(lines, "tax       " + tax.name() + " ", tax.perMonth(), "a month");
      money(lines, "tax       " + tax.name() + " ", tax.share().movePointRight(2), on(tax.on()));
    }
    BigDecimal totalTo = tariff.terms().rounding().totalTo();
    lines.add(
        "rounding  lines "
            + (tariff.terms().rounding().lines() == RoundingMode.HALF_UP
                ? "halves up"
                : "halves to even")
            + (totalTo == null ? "" : ", a month's total to " + plain(totalTo)));
    Tariff.Prepayment prepayment = tariff.terms().prepayment();
    if (prepayment != null) {
      lines.add(
          "prepaid   emergency credit "
              + plain(prepayment.emergencyCredit())
              + ", warned at "
              + plain(prepayment.lowBalance()));
    }
    return lines;
  }

  private static void lookback(List<String> lines, Lookback lookback) {
    for (int m = 0; m < 12; m++) {
      BigDecimal share = lookback.share().get(m);
      if (share.signum() > 0) {
        lines.add(
            "          at least "
                + plain(share.movePointRight(2))
                + " percent of the highest of "
                + lookback.months()
                + " months before");
        return;
      }
    }
  }

  private static String on(Tariff.Base base) {
    if (base.equals(Tariff.Base.NET)) {
      return "percent on all that is no tax";
    }
    return "percent on "
        + Stream.concat(
                base.kinds().equals(Tariff.Base.NET.kinds())
                    ? Stream.of("all that is no tax")
                    : base.kinds().stream()
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .sorted(),
                base.taxes().stream().sorted())
            .collect(Collectors.joining(", "));
  }

  private static void periods(
      List<String> lines, String word, Hours hours, List<Ladder> ladders, String unit) {
    for (int p = 0; p < hours.periods() && p < ladders.size(); p++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-9s %s%s",
              p == 0 ? word : "",
              hours.periods() > 1 ? hours.name(p) + " " : "",
              steps(ladders.get(p), unit)));
    }
  }

  private static String steps(Ladder ladder, String unit) {
    String sell =
        ladder.tiers().getFirst().sell() == null
            ? ""
            : ", fed in " + plain(ladder.tiers().getFirst().sell());
    return ladder.tiers().stream().map(t -> step(t, ladder, unit)).collect(Collectors.joining(", "))
        + sell;
  }

  private static String step(Tier tier, Ladder ladder, String unit) {
    BigDecimal upTo = tier.upTo();
    String reach =
        switch (ladder.per()) {
          case MONTH -> " a month";
          case DAY -> " a day";
          case KILOWATT -> " for each kW";
          case KILOWATT_DAY -> " a day for each kW";
        };
    return plain(tier.rate())
        + (upTo == null ? " a " + unit : " up to " + plain(upTo) + " " + unit + reach);
  }

  private static void money(List<String> lines, String word, BigDecimal amount, String unit) {
    if (amount.signum() != 0) {
      lines.add(word + plain(amount) + " " + unit);
    }
  }

  private static String plain(@org.jspecify.annotations.Nullable BigDecimal number) {
    return number == null ? "" : number.stripTrailingZeros().toPlainString();
  }
}
