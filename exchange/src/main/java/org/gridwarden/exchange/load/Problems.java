package org.gridwarden.exchange.load;

import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** What is wrong with a file: the first twenty places are told. Not thread-safe. */
final class Problems {
  private static final int TOLD = 20;

  private final List<String> told = new ArrayList<>();
  private int count;

  /**
   * One place.
   *
   * @param line from 1; 0 where no line is at fault
   * @param what a half sentence behind the line's number, with its remedy
   */
  void add(long line, String what) {
    count++;
    if (told.size() < TOLD) {
      told.add(line > 0 ? "line " + line + " " + what : what);
    }
  }

  boolean any() {
    return count > 0;
  }

  /** Ends reading where anything is wrong. */
  void end() throws LoadFileException {
    if (count > 0) {
      throw new LoadFileException(
          count == 1 ? told.getFirst() : count + " places are wrong; nothing was taken in", told);
    }
  }
}
