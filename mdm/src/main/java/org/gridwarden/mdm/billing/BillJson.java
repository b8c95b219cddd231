package org.gridwarden.mdm.billing;

import java.util.List;
import org.gridwarden.mdm.billing.BillLine.Kind;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bills as JSON. Amounts are strings of exact decimals, so that no reader makes floats of them;
 * {@code billed_demand_kw} and quantities are numbers.
 */
public final class BillJson {
  private BillJson() {}

  /** One meter's bill. */
  public static ObjectNode of(Bill bill) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("meter", bill.meter());
    json.put("tariff", bill.tariff().name());
    json.put("total", bill.total().toPlainString());
    json.put("currency", bill.tariff().currency().getCurrencyCode());
    ArrayNode months = json.putArray("months");
    bill.months().forEach(month -> months.add(month(month)));
    return json;
  }

  /** Several meters' bills by one tariff, and their sum. */
  public static ObjectNode of(List<Bill> bills) {
    if (bills.size() == 1) {
      return of(bills.getFirst());
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put(
        "total",
        bills.stream()
            .map(Bill::total)
            .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add)
            .toPlainString());
    json.put("currency", bills.getFirst().tariff().currency().getCurrencyCode());
    ArrayNode meters = json.putArray("bills");
    bills.forEach(bill -> meters.add(of(bill)));
    return json;
  }

  private static ObjectNode month(BilledMonth month) {
    Determinants d = month.determinants();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("month", d.month().toString());
    json.put("from", d.from().toString());
    json.put("to", d.to().toString());
    json.put("days", d.days());
    json.put("kwh", Sums.plain(d.used()));
    json.put("energy", month.sum(Kind.ENERGY).toPlainString());
    json.put("demand", month.sum(Kind.DEMAND).toPlainString());
    json.put("billed_demand_kw", Sums.plain(month.billedDemand()));
    json.put("peak_kw", Sums.plain(d.peak().kilowatts()));
    if (d.peak().until() != null) {
      json.put("peak_until", d.peak().until().toString());
    }
    json.put("fixed", month.sum(Kind.FIXED).toPlainString());
    json.put("minimum", month.sum(Kind.MINIMUM).toPlainString());
    json.put("fed_in", month.sum(Kind.FEED_IN).toPlainString());
    json.put("tax", month.sum(Kind.TAX).toPlainString());
    json.put("rounding", month.sum(Kind.ROUNDING).toPlainString());
    json.put("total", month.total().toPlainString());
    ArrayNode lines = json.putArray("lines");
    for (BillLine line : month.lines()) {
      lines
          .addObject()
          .put("text", line.text())
          .put("quantity", line.quantity())
          .put("unit", line.unit())
          .put("price", line.price().toPlainString())
          .put("amount", line.amount().toPlainString());
    }
    return json;
  }
}
