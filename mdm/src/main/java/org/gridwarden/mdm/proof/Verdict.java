package org.gridwarden.mdm.proof;

import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.audit.Checkpoint;

/**
 * What a verification came to. Immutable.
 *
 * @param bill what was verified
 * @param findings what does not hold, the most exact place first; none: it holds
 * @param lines each line with what it rests on
 * @param checkpoint what the office signed; empty where that is not the office's
 * @param messages how many raw messages the file names
 * @param days how many meter days stand behind it
 */
public record Verdict(
    BillDocument bill,
    List<Finding> findings,
    List<Graded> lines,
    Optional<Checkpoint> checkpoint,
    long messages,
    int days) {
  public Verdict {
    findings = List.copyOf(findings);
    lines = List.copyOf(lines);
  }

  /** Whether all of it holds. */
  public boolean holds() {
    return findings.isEmpty();
  }

  /**
   * Something that does not hold.
   *
   * @param where a line, a day and slot, a tariff
   * @param what is wrong there
   */
  public record Finding(String where, String what) {}

  /** What a line rests on. */
  public enum Grade {
    /** All its readings are as the meter itself signed them. */
    METER_SIGNED("meter-signed"),
    /** The office committed to its readings before it billed; that the meter sent them it says. */
    OFFICE_ATTESTED("office-attested"),
    /** It follows from the tariff alone. */
    NO_READINGS("no readings");

    private final String word;

    Grade(String word) {
      this.word = word;
    }

    /** As it is printed. */
    public String word() {
      return word;
    }
  }

  /**
   * A line with what it rests on.
   *
   * @param slots how many slots of meters it is reckoned from
   * @param estimated how many of them were estimated
   * @param edited how many of them a person set
   * @param signedDays how many of the days behind it the meter signed
   * @param days how many days are behind it
   */
  public record Graded(
      YearMonth month,
      Line line,
      int slots,
      int estimated,
      int edited,
      int signedDays,
      int days,
      Grade grade) {}
}
