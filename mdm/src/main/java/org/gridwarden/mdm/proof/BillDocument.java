package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bill as it was issued, with the readings that it was reckoned from. Its canonical JSON is
 * stored and never changed; its SHA-256 stands in the evidence tree. Immutable.
 *
 * @param number as it is printed
 * @param kind {@code bill}, or {@code credit} where it takes a bill back
 * @param issued when
 * @param office the name of the evidence tree: it follows from the office's key
 * @param customer who pays
 * @param servicePoint where it was measured
 * @param zone the civil time by which it counts
 * @param from first civil day
 * @param to the day after the last
 * @param replaces the bill that this one takes back, or that was taken back before this one; empty
 *     for most
 * @param reason why; empty where nothing is replaced
 * @param currency ISO 4217
 * @param total what is to be paid; below zero where it is paid to the customer
 * @param parts one after the other; none in a credit
 * @param times which meters stood there when
 * @param days the readings, also earlier ones where a tariff looks back
 * @param received the raw messages in which readings came
 * @param salt 16 random bytes in hex
 */
public record BillDocument(
    String number,
    String kind,
    Instant issued,
    String office,
    Customer customer,
    String servicePoint,
    ZoneId zone,
    LocalDate from,
    LocalDate to,
    String replaces,
    String reason,
    Currency currency,
    BigDecimal total,
    List<BillPart> parts,
    List<MeterTime> times,
    List<DayRecord> days,
    List<ReceivedRecord> received,
    String salt) {
  /** A bill. */
  public static final String BILL = "bill";

  /** Takes a bill back. */
  public static final String CREDIT = "credit";

  private static final int MOST_DAYS = 5_000;

  public BillDocument {
    parts = List.copyOf(parts);
    times = List.copyOf(times);
    days = List.copyOf(days);
    received = List.copyOf(received);
  }

  /**
   * Who pays. The name stands beside the bill, so that it can be erased with the account.
   *
   * @param account the account's id, which tells nothing of the person
   * @param commitment SHA-256 over {@link Addressee}, in hex
   */
  public record Customer(String account, String commitment) {}

  /** Whether it takes a bill back. */
  public boolean credit() {
    return kind.equals(CREDIT);
  }

  /** As it is hashed. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("number", number)
        .put("kind", kind)
        .put("issued", issued.toString())
        .put("office", office);
    ObjectNode who = json.putObject("customer");
    who.put("account", customer.account()).put("commitment", customer.commitment());
    json.put("service_point", servicePoint)
        .put("zone", zone.getId())
        .put("from", from.toString())
        .put("to", to.toString())
        .put("replaces", replaces)
        .put("reason", reason)
        .put("currency", currency.getCurrencyCode())
        .put("total", total.toPlainString())
        .put("salt", salt);
    ArrayNode list = json.putArray("parts");
    parts.forEach(p -> list.add(p.json()));
    ArrayNode meters = json.putArray("meters");
    times.forEach(t -> meters.add(t.json()));
    ArrayNode readings = json.putArray("days");
    days.forEach(d -> readings.add(d.json()));
    ArrayNode messages = json.putArray("received");
    received.forEach(r -> messages.add(r.json()));
    return json;
  }

  /**
   * A bill's record in the evidence tree.
   *
   * @param digest SHA-256 of its canonical JSON, in hex
   */
  public static ObjectNode leaf(String number, String digest) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "bill")
        .put("number", number)
        .put("digest", digest);
  }

  static BillDocument parse(Place at) throws ProofException {
    at.object();
    Place who = at.at("customer").object();
    List<BillPart> parts = new ArrayList<>();
    for (Place part : at.at("parts").list(1_000)) {
      parts.add(BillPart.parse(part));
    }
    List<MeterTime> times = new ArrayList<>();
    for (Place time : at.at("meters").list(1_000)) {
      times.add(MeterTime.parse(time));
    }
    List<DayRecord> days = new ArrayList<>();
    for (Place day : at.at("days").list(MOST_DAYS)) {
      days.add(DayRecord.parse(day));
    }
    List<ReceivedRecord> received = new ArrayList<>();
    for (Place day : at.at("received").list(MOST_DAYS)) {
      received.add(ReceivedRecord.parse(day));
    }
    BillDocument bill =
        new BillDocument(
            at.at("number").text(64),
            at.at("kind").text(16),
            at.at("issued").instant(),
            at.at("office").text(200),
            new Customer(
                who.at("account").text(128),
                HexFormat.of().formatHex(who.at("commitment").hex(32))),
            at.at("service_point").text(128),
            zone(at.at("zone")),
            at.at("from").date(),
            at.at("to").date(),
            at.at("replaces").text(64),
            at.at("reason").text(1_000),
            currency(at.at("currency")),
            at.at("total").decimal(),
            parts,
            times,
            days,
            received,
            HexFormat.of().formatHex(at.at("salt").hex(16)));
    if (!bill.from.isBefore(bill.to)
        || bill.from.plusYears(10).isBefore(bill.to)
        || !bill.kind.equals(BILL) && !bill.credit()) {
      throw new ProofException(at.where(), "its kind is bill or credit, its days are in order");
    }
    return bill;
  }

  private static ZoneId zone(Place at) throws ProofException {
    try {
      return ZoneId.of(at.text(64));
    } catch (DateTimeException e) {
      throw new ProofException(at.where(), "a zone such as Europe/Zurich is expected");
    }
  }

  private static Currency currency(Place at) throws ProofException {
    try {
      return Currency.getInstance(at.text(3));
    } catch (IllegalArgumentException e) {
      throw new ProofException(at.where(), "a code of ISO 4217 is expected, EUR say");
    }
  }
}
