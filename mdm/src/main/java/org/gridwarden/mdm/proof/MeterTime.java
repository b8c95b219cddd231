package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * For how long within a bill's period a meter stood at the service point.
 *
 * @param from inclusive
 * @param to exclusive
 * @param factor by which its energy is multiplied, where the bill is of a virtual meter, which is
 *     made of others; below zero where it is taken off. Empty where the meter stood there itself
 */
public record MeterTime(String meter, Instant from, Instant to, Optional<BigDecimal> factor) {
  private static final int MOST_DIGITS = 9;

  /** A meter that stood there itself. */
  public MeterTime(String meter, Instant from, Instant to) {
    this(meter, from, to, Optional.empty());
  }

  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("meter", meter)
            .put("from", from.toString())
            .put("to", to.toString());
    factor.ifPresent(f -> json.put("factor", f.toPlainString()));
    return json;
  }

  static MeterTime parse(Place at) throws ProofException {
    at.object();
    MeterTime time =
        new MeterTime(
            at.at("meter").text(128),
            at.at("from").instant(),
            at.at("to").instant(),
            at.has("factor") ? Optional.of(factor(at.at("factor"))) : Optional.empty());
    if (!time.from.isBefore(time.to)) {
      throw new ProofException(at.where(), "it ends before it begins");
    }
    return time;
  }

  private static BigDecimal factor(Place at) throws ProofException {
    BigDecimal factor = at.decimal();
    if (factor.signum() == 0
        || factor.scale() > MOST_DIGITS
        || factor.precision() - factor.scale() > MOST_DIGITS) {
      throw new ProofException(
          at.where(),
          "a factor other than zero, with at most "
              + MOST_DIGITS
              + " digits on each side of the point, is expected");
    }
    return factor;
  }
}
