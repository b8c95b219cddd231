package org.gridwarden.cli;

import java.io.PrintWriter;

/** A command's end that its user can do something about: one line, and an exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;
  private final String where;

  /** With {@link Gridwarden#FAILED}; the line names the place and the remedy. */
  Failure(String line) {
    this(line, Gridwarden.FAILED);
  }

  Failure(String line, int exitCode) {
    this(line, exitCode, "");
  }

  /**
   * @param where the place that a server named; empty for none
   */
  Failure(String line, int exitCode, String where) {
    super(line);
    this.exitCode = exitCode;
    this.where = where;
  }

  /** The place that a server named; empty for none. */
  String where() {
    return where;
  }

  /** Prints an error as one line; the stack too where GRIDWARDEN_DEBUG is set. */
  static int print(Throwable problem, PrintWriter err) {
    if (System.getenv("GRIDWARDEN_DEBUG") != null) {
      problem.printStackTrace(err);
    }
    int code = Gridwarden.FAILED;
    if (problem instanceof Failure failure) {
      err.println("gridwarden: " + oneLine(failure));
      code = failure.exitCode;
    } else {
      err.println(
          "gridwarden: unexpected: "
              + problem.getClass().getSimpleName()
              + ": "
              + oneLine(problem)
              + "; with GRIDWARDEN_DEBUG=1 the place is shown");
    }
    err.flush();
    return code;
  }

  private static String oneLine(Throwable problem) {
    return String.valueOf(problem.getMessage()).lines().findFirst().orElse("no message");
  }
}
