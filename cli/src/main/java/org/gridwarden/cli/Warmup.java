package org.gridwarden.cli;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;

/**
 * Runs the light commands once at build time, so that the JDK can keep their classes loaded and
 * linked in its cache. Prints nothing.
 */
final class Warmup {
  private Warmup() {}

  /** Runs them. */
  public static void main(String[] args) {
    CommandLine line = Gridwarden.commandLine();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    line.setOut(nowhere).setErr(nowhere);
    for (String command : line.getSubcommands().keySet()) {
      line.execute(command, "--help");
    }
    line.execute("--help");
    line.execute("no-such-command");
  }
}
