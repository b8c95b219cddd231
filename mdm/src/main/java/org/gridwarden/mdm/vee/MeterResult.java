package org.gridwarden.mdm.vee;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.gridwarden.core.Quality;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Then;

/**
 * What validation and estimation made of one meter's curve.
 *
 * @param meter whose
 * @param raw the curve as it came; not changed
 * @param findings what was found, by slot
 * @param estimates what stands in for what, by slot
 */
public record MeterResult(
    String meter, Curve raw, List<Finding> findings, List<Estimate> estimates) {
  /** What is said of a slot's value. */
  public enum Mark {
    /** Measured, and nothing was found. */
    GOOD,
    /** Measured, and a rule found something: a person should look. */
    SUSPECT,
    /** Another value stands in. */
    ESTIMATED,
    /** Not known, and no method had what it needed. */
    MISSING;

    /** As outputs write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The curve with the estimates in it, flagged in its quality bytes. */
  public Curve finished() {
    Curve done = raw.copy();
    for (Finding finding : findings) {
      for (int i = finding.from(); i < finding.to(); i++) {
        if (!done.missing(i)) {
          if (finding.then() == Then.ESTIMATE) {
            // nothing stands in yet; whoever reads must not take the doubted value for good
            done.quality()[i] = Quality.MISSING;
          } else {
            done.quality()[i] |= Quality.DOUBTFUL;
          }
        }
      }
    }
    for (Estimate estimate : estimates) {
      System.arraycopy(
          estimate.values(), 0, done.values(), estimate.from(), estimate.values().length);
      Arrays.fill(done.quality(), estimate.from(), estimate.to(), Quality.ESTIMATED);
    }
    return done;
  }

  /** The mark of a finished curve's slot. */
  public static Mark mark(Curve finished, int slot) {
    byte flags = finished.quality()[slot];
    if (flags < 0) {
      return Mark.MISSING;
    }
    if ((flags & Quality.ESTIMATED) != 0) {
      return Mark.ESTIMATED;
    }
    return (flags & Quality.DOUBTFUL) != 0 ? Mark.SUSPECT : Mark.GOOD;
  }
}
