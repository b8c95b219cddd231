package org.gridwarden.server.ssh;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is done for a caller: a bounded vocabulary, each word of which asks the API in the caller's
 * name. Thread-safe.
 */
public interface Desk {
  /**
   * Does one line.
   *
   * @param words the line, taken apart
   * @param out the caller's folder for files; empty where none are exchanged
   * @return the exit code: 0 where it went well
   */
  int run(Caller caller, List<String> words, Screen screen, Optional<OutTray> out);

  /** How the last of these words, of which so much is there, may go on. */
  List<String> complete(List<String> words);

  /**
   * Takes a file in, a shipment of meters or readings ({@link #readings}).
   *
   * @return the exit code: 0 where it went well
   */
  int takeIn(Caller caller, Path file, Screen screen);

  /** Whether a file of this name holds readings. */
  static boolean readings(String name) {
    return name.matches("readings-.*\\.(csv|xml|json)");
  }

  /**
   * Where a line's words go.
   *
   * @param out what was asked for
   * @param err what went wrong
   * @param asks puts a question and returns the answer; empty where nobody is there to be asked
   */
  record Screen(PrintWriter out, PrintWriter err, Optional<Function<String, String>> asks) {}
}
