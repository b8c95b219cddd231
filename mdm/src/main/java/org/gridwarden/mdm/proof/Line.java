package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.util.Locale;
import org.gridwarden.mdm.billing.BillLine;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of a bill, as it is written down.
 *
 * @param kind what it is for
 * @param text what it says
 * @param quantity how many units
 * @param unit kWh, kW, day, month; empty for what has none
 * @param price of one unit
 * @param amount in the currency
 */
public record Line(
    BillLine.Kind kind,
    String text,
    BigDecimal quantity,
    String unit,
    BigDecimal price,
    BigDecimal amount) {
  static Line of(BillLine line) {
    return new Line(
        line.kind(), line.text(), line.quantity(), line.unit(), line.price(), line.amount());
  }

  /** Whether both say the same, {@code 1.5} and {@code 1.50} alike. */
  boolean says(Line other) {
    return kind == other.kind
        && text.equals(other.text)
        && unit.equals(other.unit)
        && quantity.compareTo(other.quantity) == 0
        && price.compareTo(other.price) == 0
        && amount.compareTo(other.amount) == 0;
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("text", text)
        .put("quantity", quantity.toPlainString())
        .put("unit", unit)
        .put("price", price.toPlainString())
        .put("amount", amount.toPlainString());
  }

  static Line parse(Place at) throws ProofException {
    at.object();
    Place kind = at.at("kind");
    BillLine.Kind which;
    try {
      which = BillLine.Kind.valueOf(kind.text(32).toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ProofException(kind.where(), "no line of a bill is of this kind");
    }
    return new Line(
        which,
        at.at("text").text(1_000),
        at.at("quantity").decimal(),
        at.at("unit").text(32),
        at.at("price").decimal(),
        at.at("amount").decimal());
  }
}
