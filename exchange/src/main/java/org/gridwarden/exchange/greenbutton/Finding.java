package org.gridwarden.exchange.greenbutton;

/**
 * Something about a feed that somebody should know.
 *
 * @param line where; 0 where no line is at fault
 * @param where which part, in words
 * @param what is wrong
 * @param remedy how to mend it
 */
public record Finding(Severity severity, int line, String where, String what, String remedy) {
  /** How bad it is. */
  public enum Severity {
    /** The feed cannot be used as it is. */
    ERROR,
    /** It can, and others may read it differently. */
    WARNING
  }

  static Finding error(int line, String where, String what, String remedy) {
    return new Finding(Severity.ERROR, line, where, what, remedy);
  }

  static Finding warning(int line, String where, String what, String remedy) {
    return new Finding(Severity.WARNING, line, where, what, remedy);
  }
}
