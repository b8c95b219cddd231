package org.gridwarden.mdm.billing;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.gridwarden.mdm.billing.Tariff.FeedIn;
import org.gridwarden.mdm.billing.Tariff.Fixed;
import org.gridwarden.mdm.billing.Tariff.Minimum;
import org.gridwarden.mdm.billing.Tariff.Window;
import org.gridwarden.mdm.billing.Tier.Per;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads tariffs in the form of the Utility Rate Database (OpenEI URDB, versions 3 to 8), as they
 * are: one rate, or an answer with a list of {@code items} of which the first is taken. Names of
 * fields are taken in any case. What costs money and is not understood is refused, never dropped.
 *
 * <p>Beside the database's own fields, {@code currency} (ISO 4217) is understood; without it
 * amounts are in USD.
 */
public final class UrdbTariff {
  /** A longer file is not read: the longest rate of the database is a tenth of it. */
  public static final int LONGEST = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final int MOST_PERIODS = 127;
  private static final int MOST_TIERS = 64;

  private final JsonNode rate;

  private UrdbTariff(JsonNode rate) {
    this.rate = rate;
  }

  /**
   * Reads a file.
   *
   * @throws TariffException where it is no tariff, with the place and the remedy
   * @throws IOException where the file cannot be read
   */
  public static Tariff read(Path file) throws TariffException, IOException {
    if (Files.size(file) > LONGEST) {
      throw new TariffException(file.toString(), "longer than " + (LONGEST >> 20) + " MiB");
    }
    return parse(Files.readAllBytes(file));
  }

  /**
   * Reads a tariff's bytes.
   *
   * @throws TariffException where they are none, with the place and the remedy
   */
  public static Tariff parse(byte[] json) throws TariffException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new TariffException("tariff", "no JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException e) {
      throw new TariffException("tariff", "a number in it is too long, or its exponent");
    }
    if (root.isObject() && root.path("items").isArray()) {
      if (root.path("items").isEmpty()) {
        throw new TariffException("items", "the answer holds no rate");
      }
      root = root.path("items").get(0);
    }
    if (!root.isObject()) {
      throw new TariffException("tariff", "an object with energyratestructure is expected");
    }
    try {
      return new UrdbTariff(root).tariff();
    } catch (JacksonException e) {
      throw new TariffException("tariff", "not the kind of value: " + e.getOriginalMessage());
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TariffException("tariff", "a number in it is too long, or its exponent");
    }
  }

  private Tariff tariff() throws TariffException {
    refuse("coincidentratestructure", "charges for the system's peak");
    refuseMoney("demandreactivepowercharge", "charges for reactive power");
    refuseMoney("fueladjustmentsmonthly", "monthly adjustments; add them to each tier's adj");
    unit("demandrateunit");
    unit("flatdemandunit");
    if (field("energyratestructure") == null
        && field("flatdemandstructure") == null
        && field("demandratestructure") == null
        && field("fixedchargefirstmeter") == null) {
      throw new TariffException(
          "tariff",
          "neither energyratestructure nor flatdemandstructure, demandratestructure or"
              + " fixedchargefirstmeter is in it: give the rate as the database's API answers it"
              + " with detail=full");
    }
    List<Ladder> energy = ladders("energyratestructure", true);
    List<Ladder> demand = ladders("demandratestructure", false);
    WeekHours energyHours =
        hours("energyweekdayschedule", "energyweekendschedule", Math.max(1, energy.size()));
    WeekHours demandHours =
        hours("demandweekdayschedule", "demandweekendschedule", Math.max(1, demand.size()));
    try {
      return new Tariff(
          name(),
          currency(),
          energyHours,
          energy.isEmpty() ? List.of(Ladder.flat(BigDecimal.ZERO)) : energy,
          demandHours,
          demand,
          flatDemand(),
          lookback(),
          window(),
          fixed(),
          minimum(),
          feedIn(),
          List.of());
    } catch (IllegalArgumentException e) {
      throw new TariffException("tariff", String.valueOf(e.getMessage()));
    }
  }

  private String name() {
    JsonNode name = field("name");
    JsonNode label = field("label");
    if (name != null && name.isString() && !name.asString().isBlank()) {
      return name.asString();
    }
    return label != null && label.isString() ? label.asString() : "unnamed";
  }

  private Currency currency() throws TariffException {
    JsonNode named = field("currency");
    if (named == null) {
      return Currency.getInstance("USD");
    }
    try {
      return Currency.getInstance(named.asString());
    } catch (IllegalArgumentException e) {
      throw new TariffException("currency", "not a code of ISO 4217, as USD or EUR are");
    }
  }

  private List<Ladder> ladders(String structure, boolean ofEnergy) throws TariffException {
    JsonNode periods = field(structure);
    if (periods == null) {
      return List.of();
    }
    if (!periods.isArray() || periods.size() > MOST_PERIODS) {
      throw new TariffException(structure, "a list of at most " + MOST_PERIODS + " periods");
    }
    List<Ladder> ladders = new ArrayList<>();
    for (int p = 0; p < periods.size(); p++) {
      ladders.add(ladder(structure + "[" + p + "]", periods.get(p), ofEnergy));
    }
    return ladders;
  }

  private static Ladder ladder(String where, JsonNode steps, boolean ofEnergy)
      throws TariffException {
    if (!steps.isArray() || steps.isEmpty() || steps.size() > MOST_TIERS) {
      throw new TariffException(where, "a list of 1 to " + MOST_TIERS + " tiers");
    }
    List<Tier> tiers = new ArrayList<>();
    Per per = Per.MONTH;
    for (int t = 0; t < steps.size(); t++) {
      String place = where + "[" + t + "]";
      JsonNode step = steps.get(t);
      if (!step.isObject()) {
        throw new TariffException(place, "an object with rate is expected");
      }
      BigDecimal rate =
          number(place + ".rate", step.get("rate"), BigDecimal.ZERO)
              .add(number(place + ".adj", step.get("adj"), BigDecimal.ZERO));
      BigDecimal sell =
          step.get("sell") == null
              ? null
              : number(place + ".sell", step.get("sell"), BigDecimal.ZERO);
      // the last step goes on for ever: what a month uses has a price, whatever its max says
      BigDecimal upTo =
          t == steps.size() - 1 ? null : number(place + ".max", step.get("max"), null);
      if (ofEnergy && step.get("unit") != null) {
        per = per(place + ".unit", step.get("unit").asString());
      }
      tiers.add(new Tier(upTo, rate, sell));
    }
    try {
      return new Ladder(tiers, per);
    } catch (IllegalArgumentException e) {
      throw new TariffException(where, String.valueOf(e.getMessage()));
    }
  }

  private static Per per(String where, String unit) throws TariffException {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "kwh" -> Per.MONTH;
      case "kwh daily" -> Per.DAY;
      case "kwh/kw" -> Per.KILOWATT;
      case "kwh/kw daily" -> Per.KILOWATT_DAY;
      default ->
          throw new TariffException(where, "kWh, kWh daily, kWh/kW or kWh/kW daily, not " + unit);
    };
  }

  private WeekHours hours(String weekday, String weekend, int periods) throws TariffException {
    JsonNode days = field(weekday);
    JsonNode ends = field(weekend);
    if (days == null && ends == null) {
      if (periods > 1) {
        throw new TariffException(weekday, "missing, and there are " + periods + " periods");
      }
      return WeekHours.always();
    }
    if (days == null || ends == null) {
      throw new TariffException(days == null ? weekday : weekend, "missing beside its other half");
    }
    int[][] first = table(weekday, days, periods);
    int[][] second = table(weekend, ends, periods);
    try {
      return new WeekHours(first, second);
    } catch (IllegalArgumentException e) {
      throw new TariffException(weekday, String.valueOf(e.getMessage()));
    }
  }

  private static int[][] table(String where, JsonNode rows, int periods) throws TariffException {
    if (!rows.isArray() || rows.size() != 12) {
      throw new TariffException(where, "12 rows are expected, January first");
    }
    int[][] table = new int[12][24];
    for (int month = 0; month < 12; month++) {
      JsonNode row = rows.get(month);
      String place = where + "[" + month + "]";
      if (!row.isArray() || row.size() != 24) {
        throw new TariffException(place, "24 periods are expected, midnight first");
      }
      for (int hour = 0; hour < 24; hour++) {
        JsonNode period = row.get(hour);
        if (!period.isIntegralNumber()
            || !period.canConvertToInt()
            || period.asInt() < 0
            || period.asInt() >= periods) {
          throw new TariffException(
              place + "[" + hour + "]", "a period of 0 to " + (periods - 1) + " is expected");
        }
        table[month][hour] = period.asInt();
      }
    }
    return table;
  }

  private List<Ladder> flatDemand() throws TariffException {
    List<Ladder> ladders = ladders("flatdemandstructure", false);
    JsonNode months = field("flatdemandmonths");
    if (ladders.isEmpty()) {
      return List.of();
    }
    if (months == null) {
      if (ladders.size() > 1) {
        throw new TariffException("flatdemandmonths", "missing: which month has which price");
      }
      return Collections.nCopies(12, ladders.getFirst());
    }
    if (!months.isArray() || months.size() != 12) {
      throw new TariffException("flatdemandmonths", "12 periods are expected, January first");
    }
    List<Ladder> byMonth = new ArrayList<>();
    for (int m = 0; m < 12; m++) {
      JsonNode period = months.get(m);
      if (!period.isIntegralNumber()
          || !period.canConvertToInt()
          || period.asInt() < 0
          || period.asInt() >= ladders.size()) {
        throw new TariffException(
            "flatdemandmonths[" + m + "]",
            "a period of 0 to " + (ladders.size() - 1) + " is expected");
      }
      byMonth.add(ladders.get(period.asInt()));
    }
    return byMonth;
  }

  /**
   * Either months whose peaks count for all others, or a number of months before; or a ratchet by
   * month, of the year's peak.
   */
  private Lookback lookback() throws TariffException {
    JsonNode ratchet = field("demandratchetpercentage");
    BigDecimal percent = share("lookbackPercent", field("lookbackpercent"));
    int range = whole("lookbackrange", 0, 11);
    List<Boolean> marked = marks("lookbackmonths");
    if (percent.signum() > 0) {
      if (ratchet != null && !ratchet.isEmpty()) {
        throw new TariffException(
            "demandratchetpercentage", "stands beside lookbackPercent: leave one of them out");
      }
      if (marked.contains(true)) {
        return new Lookback(Collections.nCopies(12, percent), marked, 11);
      }
      return range == 0
          ? Lookback.NONE
          : new Lookback(Collections.nCopies(12, percent), Collections.nCopies(12, true), range);
    }
    if (ratchet == null || ratchet.isEmpty()) {
      return Lookback.NONE;
    }
    if (!ratchet.isArray() || ratchet.size() != 12) {
      throw new TariffException("demandratchetpercentage", "12 shares, January first");
    }
    List<BigDecimal> shares = new ArrayList<>();
    for (int m = 0; m < 12; m++) {
      shares.add(share("demandratchetpercentage[" + m + "]", ratchet.get(m)));
    }
    return new Lookback(shares, Collections.nCopies(12, true), 11);
  }

  private List<Boolean> marks(String name) throws TariffException {
    JsonNode list = field(name);
    if (list == null || list.isEmpty()) {
      return Collections.nCopies(12, false);
    }
    if (!list.isArray() || list.size() != 12) {
      throw new TariffException(name, "12 marks are expected, January first");
    }
    List<Boolean> marks = new ArrayList<>();
    for (JsonNode mark : list) {
      marks.add(mark.isBoolean() ? mark.asBoolean() : mark.isNumber() && mark.asInt() != 0);
    }
    return marks;
  }

  private Window window() throws TariffException {
    int minutes = whole("demandwindow", 0, 60);
    try {
      return new Window(minutes, false);
    } catch (IllegalArgumentException e) {
      throw new TariffException("demandwindow", String.valueOf(e.getMessage()));
    }
  }

  private Fixed fixed() throws TariffException {
    BigDecimal charge = number("fixedchargefirstmeter", field("fixedchargefirstmeter"), null);
    if (charge == null) {
      BigDecimal old = number("fixedmonthlycharge", field("fixedmonthlycharge"), BigDecimal.ZERO);
      return new Fixed(BigDecimal.ZERO, old);
    }
    return switch (units("fixedchargeunits")) {
      case "$/day" -> new Fixed(charge, BigDecimal.ZERO);
      case "$/month", "" -> new Fixed(BigDecimal.ZERO, charge);
      case "$/year" -> new Fixed(BigDecimal.ZERO, Sums.divide(charge, BigDecimal.valueOf(12)));
      default ->
          throw new TariffException("fixedchargeunits", "$/day, $/month or $/year is expected");
    };
  }

  private Minimum minimum() throws TariffException {
    BigDecimal zero = BigDecimal.ZERO;
    BigDecimal charge = number("mincharge", field("mincharge"), null);
    if (charge == null) {
      return new Minimum(
          zero,
          number("minmonthlycharge", field("minmonthlycharge"), zero),
          number("annualmincharge", field("annualmincharge"), zero));
    }
    return switch (units("minchargeunits")) {
      case "$/day" -> new Minimum(charge, zero, zero);
      case "$/month", "" -> new Minimum(zero, charge, zero);
      case "$/year" -> new Minimum(zero, zero, charge);
      default ->
          throw new TariffException("minchargeunits", "$/day, $/month or $/year is expected");
    };
  }

  private FeedIn feedIn() throws TariffException {
    JsonNode rules = field("dgrules");
    if (rules == null || !rules.isString() || rules.asString().isBlank()) {
      JsonNode net = field("usenetmetering");
      return net != null && net.asBoolean() ? FeedIn.NET_METERING : FeedIn.UNPAID;
    }
    return switch (rules.asString()) {
      case "Net Metering" -> FeedIn.NET_METERING;
      case "Net Billing Instantaneous", "Net Billing Hourly" -> FeedIn.NET_BILLING;
      default ->
          throw new TariffException(
              "dgrules",
              "Net Metering, Net Billing Instantaneous or Net Billing Hourly is expected: '"
                  + rules.asString()
                  + "' needs generation metered for itself");
    };
  }

  private void unit(String name) throws TariffException {
    JsonNode unit = field(name);
    if (unit != null && !unit.asString().equalsIgnoreCase("kW")) {
      throw new TariffException(name, "kW is expected, not " + unit.asString());
    }
  }

  private String units(String name) {
    JsonNode units = field(name);
    return units == null ? "" : units.asString().toLowerCase(Locale.ROOT);
  }

  private void refuse(String name, String what) throws TariffException {
    JsonNode there = field(name);
    if (there != null && !there.isEmpty()) {
      throw new TariffException(name, what + " are not supported: take them out to bill without");
    }
  }

  private void refuseMoney(String name, String what) throws TariffException {
    JsonNode there = field(name);
    if (there == null) {
      return;
    }
    boolean any = there.isNumber() && there.decimalValue().signum() != 0;
    for (JsonNode part : there) {
      any |= part.isNumber() && part.decimalValue().signum() != 0;
    }
    if (any) {
      throw new TariffException(name, what + " are not supported: take them out to bill without");
    }
  }

  private int whole(String name, int least, int most) throws TariffException {
    JsonNode there = field(name);
    if (there == null) {
      return 0;
    }
    if (!there.isNumber()
        || there.decimalValue().stripTrailingZeros().scale() > 0
        || there.decimalValue().compareTo(BigDecimal.valueOf(least)) < 0
        || there.decimalValue().compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new TariffException(name, "a whole number of " + least + " to " + most);
    }
    return there.decimalValue().intValueExact();
  }

  /** 0.35 and 35 are both 35 %. */
  private static BigDecimal share(String where, @Nullable JsonNode there) throws TariffException {
    BigDecimal given = number(where, there, BigDecimal.ZERO);
    BigDecimal share = given.compareTo(BigDecimal.ONE) > 0 ? given.movePointLeft(2) : given;
    if (share.signum() < 0 || share.compareTo(BigDecimal.ONE) > 0) {
      throw new TariffException(where, "a share of 0 to 1, or of 0 to 100 %, is expected");
    }
    return share;
  }

  @SuppressWarnings("NullAway") // null goes out only where it came in as the default
  private static BigDecimal number(
      String where, @Nullable JsonNode there, @Nullable BigDecimal otherwise)
      throws TariffException {
    if (there == null || there.isNull()) {
      return otherwise;
    }
    if (!there.isNumber()) {
      throw new TariffException(where, "a number is expected");
    }
    BigDecimal number = there.decimalValue();
    if (number.precision() > 40 || Math.abs(number.scale()) > 40) {
      throw new TariffException(where, "no price or quantity has so many digits");
    }
    return number;
  }

  private @Nullable JsonNode field(String name) {
    JsonNode exact = rate.get(name);
    if (exact != null) {
      return exact.isNull() ? null : exact;
    }
    for (var entry : rate.properties()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        return entry.getValue().isNull() ? null : entry.getValue();
      }
    }
    return null;
  }
}
