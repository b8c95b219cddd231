package org.gridwarden.mdm.datafile;

/** A file of rules or a tariff that cannot be used; the message names file, line and remedy. */
public final class DataFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String problem;

  /**
   * @param file what the file is called
   * @param line from 1; 0 where none is meant
   * @param problem what is wrong there and what would be right
   */
  public DataFileException(String file, int line, String problem) {
    super(file + (line > 0 ? " line " + line : "") + ": " + problem);
    this.line = line;
    this.problem = problem;
  }

  /** Which line, from 1; 0 where none is meant. */
  public int line() {
    return line;
  }

  /** What is wrong there, without the file and the line. */
  public String problem() {
    return problem;
  }
}
