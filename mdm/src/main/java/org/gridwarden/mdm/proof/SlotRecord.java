package org.gridwarden.mdm.proof;

import org.gridwarden.core.Quality;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A slot as it was billed.
 *
 * @param value in the day's unit and scaler; means nothing where it is missing
 * @param quality as in {@link Quality}
 * @param version 0: what the meter sent; else the version that stood in its place
 * @param method how a version was come by: {@code blend}, {@code manual} ...; empty for the raw
 *     value
 * @param cause the rule that made it necessary; empty for the raw value, and where a person did it
 */
public record SlotRecord(long value, byte quality, int version, String method, String cause) {
  /** No value is known. */
  public static final SlotRecord MISSING = new SlotRecord(0, Quality.MISSING, 0, "", "");

  /** Measured, and good. */
  public static SlotRecord good(long value) {
    return new SlotRecord(value, Quality.GOOD, 0, "", "");
  }

  /** Whether there is no value. */
  public boolean missing() {
    return quality == Quality.MISSING;
  }

  /** Whether the meter sent it, and not the office made it. */
  public boolean measured() {
    return version == 0 && (quality & Quality.ESTIMATED) == 0;
  }

  /** Whether a person set it. */
  public boolean edited() {
    return version > 0 && cause.isEmpty();
  }

  /** {@code null}, a number, or a list of value, quality, version, method and cause. */
  JsonNode json() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (missing()) {
      return nodes.nullNode();
    }
    if (quality == Quality.GOOD && version == 0 && method.isEmpty() && cause.isEmpty()) {
      return number(value);
    }
    ArrayNode list = nodes.arrayNode();
    list.add(number(value)).add(quality).add(version).add(method).add(cause);
    return list;
  }

  /** Beyond what every reader of JSON keeps exactly, a string. */
  private static JsonNode number(long value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return Math.abs(value) <= CanonicalJson.MOST && value != Long.MIN_VALUE
        ? nodes.numberNode(value)
        : nodes.stringNode(Long.toString(value));
  }

  private static long number(Place at) throws ProofException {
    if (!at.node().isString()) {
      return at.number(-CanonicalJson.MOST, CanonicalJson.MOST);
    }
    try {
      return Long.parseLong(at.text(20));
    } catch (NumberFormatException e) {
      throw new ProofException(at.where(), "a whole number is expected");
    }
  }

  static SlotRecord parse(Place at) throws ProofException {
    if (at.node().isNull()) {
      return MISSING;
    }
    if (!at.node().isArray()) {
      return good(number(at));
    }
    var fields = at.list(5);
    if (fields.size() != 5) {
      throw new ProofException(at.where(), "value, quality, version, method and cause");
    }
    byte quality = (byte) fields.get(1).integer(0, 127);
    return new SlotRecord(
        number(fields.get(0)),
        quality,
        fields.get(2).integer(0, 1_000_000),
        fields.get(3).text(100),
        fields.get(4).text(100));
  }
}
