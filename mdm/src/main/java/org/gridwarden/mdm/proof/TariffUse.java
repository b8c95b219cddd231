package org.gridwarden.mdm.proof;

import java.time.LocalDate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * By which tariff a part of a bill's period is billed.
 *
 * @param id the tariff's
 * @param version of its document
 * @param sha256 of its document, in hex
 * @param name what bills call it
 * @param from first day
 * @param to the day after the last
 * @param measuredFrom from when on readings count: earlier than {@code from} where the tariff looks
 *     back at earlier months
 * @param since from when on the customer is billed by this tariff: what is left over of a month
 *     goes on to the next from then on
 * @param ends whether the customer is billed by it for the last time
 */
public record TariffUse(
    String id,
    int version,
    String sha256,
    String name,
    LocalDate from,
    LocalDate to,
    LocalDate measuredFrom,
    LocalDate since,
    boolean ends) {
  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("version", version)
        .put("sha256", sha256)
        .put("name", name)
        .put("from", from.toString())
        .put("to", to.toString())
        .put("measured_from", measuredFrom.toString())
        .put("since", since.toString())
        .put("ends", ends);
  }

  static TariffUse parse(Place at) throws ProofException {
    at.object();
    TariffUse use =
        new TariffUse(
            at.at("id").text(128),
            at.at("version").integer(1, 1_000_000),
            java.util.HexFormat.of().formatHex(at.at("sha256").hex(32)),
            at.at("name").text(1_000),
            at.at("from").date(),
            at.at("to").date(),
            at.at("measured_from").date(),
            at.at("since").date(),
            at.at("ends").flag());
    if (!use.from.isBefore(use.to)
        || use.measuredFrom.isAfter(use.from)
        || use.since.isAfter(use.from)) {
      throw new ProofException(at.where(), "its days are in no order");
    }
    return use;
  }
}
