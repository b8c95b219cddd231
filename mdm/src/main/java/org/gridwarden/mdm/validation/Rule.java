package org.gridwarden.mdm.validation;

import java.util.List;
import java.util.Optional;

/**
 * The checks that validation knows. Which of them a class of meters runs, with which thresholds and
 * what follows, stands in the rule file.
 */
public enum Rule {
  GAP("gap", "a slot has no value", "slots"),
  DUPLICATE("duplicate", "a slot came a second time with another value", "kW"),
  HIGH("high", "more power than the connection can carry", "kW", par("limit-kw", 0.001, 1e6)),
  NEGATIVE("negative", "energy that flows back where only use is metered", "kW"),
  SPIKE(
      "spike",
      "the day's highest value stands far above its third highest and above what the meter knows",
      "%",
      par("over-third-percent", 0, 1e6),
      par("over-known-percent", 0, 1e6),
      par("least-kw", 0, 1e6)),
  ZERO_RUN(
      "zero-run",
      "zero for longer than this meter is known to be",
      "h",
      par("hours", 0, 8784),
      par("usual-percent", 0, 100),
      par("always-hours", 0, 8784)),
  STEP(
      "step",
      "from one slot to the next the power changes more than this meter is known to",
      "kW",
      par("over-known-percent", 0, 1e6),
      par("least-kw", 0, 1e6)),
  SUM(
      "sum",
      "the intervals' sum is not what the register moved",
      "kWh",
      par("units", 0, 1e6),
      par("percent", 0, 100)),
  REGISTER(
      "register",
      "a register fell and no roll-over explains it",
      "kWh",
      par("digits-left-percent", 0, 100)),
  HISTORY(
      "history",
      "a day's energy is far outside what this meter is known to use",
      "%",
      par("above-percent", 0, 1e6),
      par("below-percent", 0, 100),
      par("least-kwh", 0, 1e9)),
  SIBLING(
      "sibling",
      "a day's energy moved away from its sibling's",
      "%",
      par("percent", 0, 1e6),
      par("least-kwh", 0, 1e9)),
  CHECK_METER(
      "check-meter",
      "the check meter measured something else",
      "%",
      par("percent", 0, 1e6),
      par("least-kwh", 0, 1e9)),
  CLOCK("clock", "the meter's clock is wrong or was set", "s", par("seconds", 0, 86_400)),
  OUTAGE("outage", "energy in a slot in which the meter had no power", "kW", par("kw", 0, 1e6)),
  LOAD_FACTOR(
      "load-factor",
      "a day's average power is too close to its highest: the meter repeats itself",
      "%",
      par("most-percent", 0, 100),
      par("least-kwh", 0, 1e9)),
  KVAR(
      "kvar",
      "the power factor of a day is too low",
      "%",
      par("least-percent", 0, 100),
      par("least-kwh", 0, 1e9)),
  UNIT(
      "unit",
      "another unit than expected, or values a thousand times off",
      "x",
      par("thousandfold-from", 2, 1e6));

  /**
   * A threshold.
   *
   * @param name its key in the rule file
   * @param least the smallest value it may have
   * @param most the greatest
   */
  public record Threshold(String name, double least, double most) {}

  private final String id;
  private final String words;
  private final String unit;
  private final List<Threshold> thresholds;

  Rule(String id, String words, String unit, Threshold... thresholds) {
    this.id = id;
    this.words = words;
    this.unit = unit;
    this.thresholds = List.of(thresholds);
  }

  private static Threshold par(String name, double least, double most) {
    return new Threshold(name, least, most);
  }

  /** Its name in rule files and findings. */
  public String id() {
    return id;
  }

  /** What a finding of it means. */
  public String words() {
    return words;
  }

  /** The unit of a finding's measured and permitted figures. */
  public String unit() {
    return unit;
  }

  /** What can be set of it. */
  public List<Threshold> thresholds() {
    return thresholds;
  }

  /** The rule of a name. */
  public static Optional<Rule> of(String id) {
    for (Rule rule : values()) {
      if (rule.id.equals(id)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }
}
