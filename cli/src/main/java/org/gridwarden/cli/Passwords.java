package org.gridwarden.cli;

import java.io.Console;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Passwords as commands take them: from a place, or typed; never from the command line itself. */
final class Passwords {
  private Passwords() {}

  /**
   * A password.
   *
   * @param option the option that names its place
   * @param place what that was given: file:PATH or env:NAME
   * @param variable the environment variable that holds it where no place is given; empty for none
   * @param what of what, as it is asked for
   * @param twice whether it is new, so that it must be typed twice
   * @throws Failure where nobody is there to type it
   */
  static char[] of(
      String option, @Nullable String place, String variable, String what, boolean twice) {
    if (place != null) {
      if (!place.startsWith("file:") && !place.startsWith("env:")) {
        throw new Failure(
            option + " takes file:PATH or env:NAME: what is given here stands in the process list",
            Gridwarden.WRONG_INPUT);
      }
      return KeyArgument.text(option, place).toCharArray();
    }
    String usual = variable.isEmpty() ? null : System.getenv(variable);
    if (usual != null && !usual.isEmpty()) {
      return usual.toCharArray();
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new Failure(
          "nobody is there to type it: " + what + "; give " + option + " file:PATH or env:NAME",
          Gridwarden.WRONG_INPUT);
    }
    char[] typed = console.readPassword("%s: ", what);
    if (typed == null || typed.length == 0) {
      throw new Failure("no password was typed", Gridwarden.WRONG_INPUT);
    }
    if (twice && !Arrays.equals(typed, console.readPassword("%s, again: ", what))) {
      throw new Failure("these were two different ones: begin again", Gridwarden.WRONG_INPUT);
    }
    return typed;
  }
}
