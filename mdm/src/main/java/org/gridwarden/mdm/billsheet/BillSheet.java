package org.gridwarden.mdm.billsheet;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.mdm.billing.BillPage;
import org.gridwarden.mdm.proof.Addressee;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.SlotRecord;

/**
 * What stands on a printed bill, in words and figures; how it looks is said by whoever draws it.
 * Immutable.
 *
 * @param bill as it was issued
 * @param addressee to whom; empty where that was erased
 * @param creditedBy the credit that took it back; empty while it stands
 * @param digest SHA-256 of the document, in hex
 * @param days what was taken each day of the period, the first first
 */
public record BillSheet(
    BillDocument bill,
    Optional<Addressee> addressee,
    Optional<String> creditedBy,
    String digest,
    List<UsedDay> days) {
  static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);

  public BillSheet {
    days = List.copyOf(days);
  }

  /**
   * A day's use.
   *
   * @param kilowattHours taken from the grid
   * @param estimated the part of it that was estimated or edited, 0 to 1
   */
  public record UsedDay(LocalDate date, double kilowattHours, double estimated) {}

  /** Of a stored bill. */
  public static BillSheet of(
      BillDocument bill,
      Optional<Addressee> addressee,
      Optional<String> creditedBy,
      String digest) {
    return new BillSheet(bill, addressee, creditedBy, digest, used(bill));
  }

  private static List<UsedDay> used(BillDocument bill) {
    Map<LocalDate, double[]> byDay = new TreeMap<>();
    for (LocalDate day = bill.from(); day.isBefore(bill.to()); day = day.plusDays(1)) {
      byDay.put(day, new double[2]);
    }
    for (DayRecord day : bill.days()) {
      double[] sums = byDay.get(day.date());
      if (sums == null || ObisCode.parse(day.channel()).c() != 1) {
        continue;
      }
      double unit = Math.pow(10, day.scaler() - 3.0);
      for (int i = 0; i < day.slots().size(); i++) {
        SlotRecord slot = day.slots().get(i);
        Instant start = day.startOf(i);
        Instant end = start.plusSeconds(day.seconds());
        if (!slot.missing()
            && bill.times().stream()
                .anyMatch(t ->
                    t.meter().equals(day.meter())
                        && start.isBefore(t.to())
                        && end.isAfter(t.from()))) {
          sums[0] += slot.value() * unit;
          sums[1] += slot.measured() ? 0 : slot.value() * unit;
        }
      }
    }
    List<UsedDay> days = new ArrayList<>();
    byDay.forEach((date, sums) ->
        days.add(
            new UsedDay(date, sums[0], sums[0] == 0 ? 0 : Math.clamp(sums[1] / sums[0], 0, 1))));
    return days;
  }

  /** "Bill 2026-000017", or "Credit 2026-000018 for bill 2026-000017". */
  public String title() {
    return bill.credit()
        ? "Credit " + bill.number() + " for bill " + bill.replaces()
        : "Electricity bill " + bill.number();
  }

  /** What is said below the title of a bill that was taken back, or replaces one. */
  Optional<String> standing() {
    if (creditedBy.isPresent()) {
      return Optional.of("This bill was taken back by credit " + creditedBy.get() + ".");
    }
    if (bill.replaces().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        (bill.credit()
                ? "It takes bill " + bill.replaces() + " back as a whole"
                : "It takes the place of bill " + bill.replaces() + ", which was credited")
            + (bill.reason().isEmpty() ? "." : ": " + bill.reason() + "."));
  }

  /** Names and values of the head. */
  List<Map.Entry<String, String>> head() {
    List<Map.Entry<String, String>> head = new ArrayList<>();
    head.add(Map.entry("Number", bill.number()));
    head.add(Map.entry("Issued", DATE.format(bill.issued().atZone(bill.zone()))));
    head.add(
        Map.entry(
            "Period", DATE.format(bill.from()) + " to " + DATE.format(bill.to().minusDays(1))));
    head.add(Map.entry("Account", bill.customer().account()));
    head.add(Map.entry("Service point", bill.servicePoint()));
    if (!bill.times().isEmpty()) {
      head.add(
          Map.entry(
              bill.times().size() == 1 ? "Meter" : "Meters",
              bill.times().stream()
                  .map(MeterTime::meter)
                  .distinct()
                  .collect(Collectors.joining(", "))));
    }
    if (!bill.parts().isEmpty()) {
      head.add(
          Map.entry(
              bill.parts().size() == 1 ? "Tariff" : "Tariffs",
              bill.parts().stream()
                  .map(p -> p.tariff().name() + " (version " + p.tariff().version() + ")")
                  .distinct()
                  .collect(Collectors.joining(", "))));
    }
    return head;
  }

  /** What the readings are, in a sentence; empty for credits. */
  String readings() {
    long slots = 0;
    long estimated = 0;
    long edited = 0;
    long signed = 0;
    for (DayRecord day : bill.days()) {
      signed += day.signature().isPresent() ? 1 : 0;
      for (SlotRecord slot : day.slots()) {
        slots += slot.missing() ? 0 : 1;
        edited += slot.edited() ? 1 : 0;
        estimated += !slot.measured() && !slot.edited() ? 1 : 0;
      }
    }
    if (slots == 0) {
      return "";
    }
    String made =
        estimated + edited == 0
            ? ", all of them measured"
            : ", of which "
                + (estimated > 0
                    ? String.format(Locale.ENGLISH, "%,d were estimated", estimated)
                    : "")
                + (estimated > 0 && edited > 0 ? " and " : "")
                + (edited > 0
                    ? String.format(Locale.ENGLISH, "%,d were set by a person", edited)
                    : "");
    return String.format(
        Locale.ENGLISH,
        "It was reckoned from %,d readings of the meter%s. %s",
        slots,
        made,
        signed == bill.days().size()
            ? "The meter signed all of them itself."
            : signed > 0
                ? "The meter signed " + signed + " of " + bill.days().size() + " days itself."
                : "The office attests that the meter sent them: it committed to them, in a signed"
                    + " list that it cannot change, before this bill was made.");
  }

  /** A price with two digits behind the point, or as many as it has. */
  static String price(BigDecimal price) {
    return price.scale() < 2 ? price.setScale(2).toPlainString() : price.toPlainString();
  }

  /** Why a bill of several tariffs has parts; the part's days. */
  static String days(BillPart part) {
    return DATE.format(part.tariff().from())
        + " to "
        + DATE.format(part.tariff().to().minusDays(1));
  }

  /** "October 2026". */
  static String month(YearMonth month) {
    return month.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + month.getYear();
  }

  /** The greatest day's use; 1 where nothing was used. */
  double most() {
    double most = days.stream().mapToDouble(UsedDay::kilowattHours).max().orElse(0);
    return most > 0 ? most : 1;
  }

  /** Digits behind the point of amounts. */
  int places() {
    return Math.max(0, bill.currency().getDefaultFractionDigits());
  }

  /** What is to be paid, or paid back. */
  String due() {
    return bill.total().signum() < 0 ? "Paid to you" : "To be paid";
  }

  /** A quantity with as many digits as it needs, three at most. */
  static String quantity(BigDecimal quantity) {
    return BillPage.figure(quantity, Math.clamp(quantity.stripTrailingZeros().scale(), 0, 3));
  }
}
