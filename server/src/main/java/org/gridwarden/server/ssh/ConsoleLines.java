package org.gridwarden.server.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.reader.SyntaxError;
import org.jline.reader.impl.DefaultParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a line: it is taken apart as words and quotes alone have it, written into the
 * audit log, and done. What cannot be written there is not done. Thread-safe.
 */
final class ConsoleLines {
  /** What a line may have, in characters. */
  static final int LONGEST = 4_096;

  /** The exit code of what could not be understood. */
  static final int WRONG_INPUT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleLines.class);
  private static final int FAILED = 1;

  private final Gate gate;
  private final Desk desk;
  private final Optional<Exchange> exchange;

  ConsoleLines(Gate gate, Desk desk, Optional<Exchange> exchange) {
    this.gate = gate;
    this.desk = desk;
    this.exchange = exchange;
  }

  /**
   * Does a line.
   *
   * @return the exit code
   */
  int run(Caller caller, String line, Desk.Screen screen) {
    List<String> words;
    try {
      words = words(line);
    } catch (IllegalArgumentException e) {
      screen.err().println("gridwarden: " + e.getMessage());
      screen.err().flush();
      return WRONG_INPUT;
    }
    if (words.isEmpty()) {
      return 0;
    }
    try {
      gate.note(caller.user(), "ssh.line", line.strip());
    } catch (RuntimeException e) {
      LOG.warn("a line could not be written into the audit log, so it was not done", e);
      screen
          .err()
          .println("gridwarden: audit log: it cannot be written, so nothing is done; look at it");
      screen.err().flush();
      return FAILED;
    }
    return desk.run(caller, words, screen, exchange.map(e -> e.outTray(caller.user())));
  }

  List<String> complete(List<String> words) {
    return desk.complete(words);
  }

  /**
   * The words of a line.
   *
   * @throws IllegalArgumentException where it is too long, or a quote is left open
   */
  static List<String> words(String line) {
    if (line.length() > LONGEST) {
      throw new IllegalArgumentException("a line has at most " + LONGEST + " characters");
    }
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i)) && !Character.isWhitespace(line.charAt(i))) {
        throw new IllegalArgumentException("a line holds no control characters");
      }
    }
    try {
      DefaultParser parser = new DefaultParser();
      parser.setEofOnUnclosedQuote(true);
      List<String> words = new ArrayList<>(parser.parse(line, line.length()).words());
      // the word at the cursor, which may be empty
      while (!words.isEmpty() && words.getLast().isEmpty() && !endsInEmptyQuotes(line)) {
        words.removeLast();
      }
      return words;
    } catch (SyntaxError e) {
      throw new IllegalArgumentException("a quote is left open: close it", e);
    }
  }

  private static boolean endsInEmptyQuotes(String line) {
    String end = line.strip();
    return end.endsWith("\"\"") || end.endsWith("''");
  }
}
