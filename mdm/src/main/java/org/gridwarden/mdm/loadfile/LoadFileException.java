package org.gridwarden.mdm.loadfile;

import java.util.List;

/** A load file that cannot be used as it is; nothing was written. */
public final class LoadFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param message the place and the remedy
   */
  public LoadFileException(String message) {
    this(message, List.of());
  }

  /**
   * @param problems the lines that are wrong, each with its number and remedy
   */
  public LoadFileException(String message, List<String> problems) {
    super(message);
    this.problems = List.copyOf(problems);
  }

  /** The lines that are wrong, the first twenty. */
  public List<String> problems() {
    return problems;
  }
}
