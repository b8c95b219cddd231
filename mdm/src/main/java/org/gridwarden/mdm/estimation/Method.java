package org.gridwarden.mdm.estimation;

import java.util.Optional;

/** The ways to an estimate. Which are tried, in which order, stands in the rule file. */
public enum Method {
  LINEAR("linear", "a straight line between the known slots beside the gap"),
  LIKE_DAY("like-day", "the like day that the like-day table names first"),
  LIKE_DAYS("like-days", "mean of the three nearest like days"),
  PROFILE("profile", "the meter's own mean at that time on that kind of day"),
  BLEND(
      "blend",
      "the meter's near days, smoothed and weighted, drawn to the known slots beside the gap"),
  FEEDER("feeder", "the feeder's curve times the meter's usual part of it"),
  SIBLING("sibling", "the sibling's curve times the usual ratio"),
  PREVIOUS_DAY("previous-day", "the day before at that time"),
  PREVIOUS_WEEK("previous-week", "the week before at that time"),
  FINAL("final", "a typical day of the meter's class"),
  OUTAGE("outage-zero", "zero: the meter had no power"),
  REGISTER("register-scaled", "what the register moved, spread evenly"),
  MANUAL("manual", "set by a person");

  private final String id;
  private final String words;

  Method(String id, String words) {
    this.id = id;
    this.words = words;
  }

  /** Its name in rule files and outputs. */
  public String id() {
    return id;
  }

  /** How it comes to its figure. */
  public String words() {
    return words;
  }

  /** The method of a name. */
  public static Optional<Method> of(String id) {
    for (Method method : values()) {
      if (method.id.equals(id)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}
