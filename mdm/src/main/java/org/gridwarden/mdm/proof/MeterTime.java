package org.gridwarden.mdm.proof;

import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * For how long within a bill's period a meter stood at the service point.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record MeterTime(String meter, Instant from, Instant to) {
  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("meter", meter)
        .put("from", from.toString())
        .put("to", to.toString());
  }

  static MeterTime parse(Place at) throws ProofException {
    at.object();
    MeterTime time =
        new MeterTime(at.at("meter").text(128), at.at("from").instant(), at.at("to").instant());
    if (!time.from.isBefore(time.to)) {
      throw new ProofException(at.where(), "it ends before it begins");
    }
    return time;
  }
}
