package org.gridwarden.mdm.vee;

/** A rule file that cannot be used; the message names file, line and remedy. */
public final class RuleFileException extends Exception {
  private static final long serialVersionUID = 1L;

  RuleFileException(String file, int line, String problem) {
    super(file + (line > 0 ? " line " + line : "") + ": " + problem);
  }
}
