package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.BilledMonth;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A month of a bill, as it is written down.
 *
 * @param month which
 * @param days how many of its civil days were measured
 * @param used kWh taken
 * @param billedDemand in kW
 * @param total the sum of its lines
 */
public record Month(
    YearMonth month,
    int days,
    BigDecimal used,
    BigDecimal billedDemand,
    BigDecimal total,
    List<Line> lines) {
  public Month {
    lines = List.copyOf(lines);
  }

  static Month of(BilledMonth month) {
    return new Month(
        month.determinants().month(),
        month.determinants().days(),
        month.determinants().used(),
        month.billedDemand(),
        month.total(),
        month.lines().stream().map(Line::of).toList());
  }

  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("month", month.toString())
            .put("days", days)
            .put("kwh", used.toPlainString())
            .put("billed_demand_kw", billedDemand.toPlainString())
            .put("total", total.toPlainString());
    ArrayNode list = json.putArray("lines");
    lines.forEach(l -> list.add(l.json()));
    return json;
  }

  static Month parse(Place at) throws ProofException {
    at.object();
    Place which = at.at("month");
    YearMonth month;
    try {
      month = YearMonth.parse(which.text(7));
    } catch (DateTimeException e) {
      throw new ProofException(which.where(), "a month such as 2026-10 is expected");
    }
    List<Line> lines = new ArrayList<>();
    for (Place line : at.at("lines").list(10_000)) {
      lines.add(Line.parse(line));
    }
    return new Month(
        month,
        at.at("days").integer(0, 31),
        at.at("kwh").decimal(),
        at.at("billed_demand_kw").decimal(),
        at.at("total").decimal(),
        lines);
  }
}
