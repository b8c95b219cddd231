package org.gridwarden.cli;

import java.util.UUID;

/** Commands' ids as they are typed. */
final class CommandIds {
  private CommandIds() {}

  /**
   * An id that is one.
   *
   * @throws Failure where it is none
   */
  static String check(String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text).toString();
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new Failure(
        "'" + text + "' is no command's id: see command list", Gridwarden.WRONG_INPUT);
  }
}
