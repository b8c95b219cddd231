package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.Bill;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was billed by one version of one tariff.
 *
 * @param tariff by which, and for which days
 * @param months in order of time
 */
public record BillPart(TariffUse tariff, List<Month> months) {
  public BillPart {
    months = List.copyOf(months);
  }

  /** A reckoned bill as it is written down. */
  public static BillPart of(TariffUse tariff, Bill bill) {
    return new BillPart(tariff, bill.months().stream().map(Month::of).toList());
  }

  /** The sum of its months. */
  public BigDecimal total() {
    return months.stream().map(Month::total).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("tariff", tariff.json());
    ArrayNode list = json.putArray("months");
    months.forEach(m -> list.add(m.json()));
    return json;
  }

  static BillPart parse(Place at) throws ProofException {
    at.object();
    List<Month> months = new ArrayList<>();
    for (Place month : at.at("months").list(1_200)) {
      months.add(Month.parse(month));
    }
    return new BillPart(TariffUse.parse(at.at("tariff")), months);
  }
}
