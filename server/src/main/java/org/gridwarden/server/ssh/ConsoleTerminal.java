package org.gridwarden.server.ssh;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * The console on a terminal: editing, completion, and a history that lasts as long as the session
 * and is written nowhere.
 */
final class ConsoleTerminal {
  private static final String PROMPT = "gridwarden> ";
  private static final int REMEMBERED = 500;

  private final ConsoleLines lines;
  private final Caller caller;
  private final Terminal terminal;
  private final LineReader reader;

  ConsoleTerminal(ConsoleLines lines, Caller caller, Terminal terminal) {
    this.lines = lines;
    this.caller = caller;
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("gridwarden")
            .completer(completer())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, false)
            .variable(LineReader.HISTORY_SIZE, REMEMBERED)
            .build();
    // would start an editor on a file of the server's
    reader.getWidgets().remove(LineReader.EDIT_AND_EXECUTE_COMMAND);
  }

  /** Until the user goes. */
  int run() {
    PrintWriter out = terminal.writer();
    out.println("Gridwarden. " + caller.user() + ", every line is written down under your name.");
    out.println("help shows the commands, Tab completes, exit ends.");
    out.flush();
    while (true) {
      String line;
      try {
        line = reader.readLine(PROMPT);
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return 0;
      }
      switch (line.strip()) {
        case "exit", "quit", "logout" -> {
          return 0;
        }
        case "history" -> history(out);
        default -> runOne(line, out);
      }
    }
  }

  private void runOne(String line, PrintWriter out) {
    Thread running = Thread.currentThread();
    Terminal.SignalHandler before =
        terminal.handle(Terminal.Signal.INT, signal -> running.interrupt());
    try {
      lines.run(caller, line, new Desk.Screen(out, out, Optional.of(this::ask)));
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      Thread.interrupted(); // an interrupt that came late is not the next line's
      out.flush();
    }
  }

  private String ask(String question) {
    reader.setVariable(LineReader.DISABLE_HISTORY, true);
    try {
      return reader.readLine(question);
    } catch (UserInterruptException | EndOfFileException e) {
      return "";
    } finally {
      reader.setVariable(LineReader.DISABLE_HISTORY, false);
    }
  }

  private void history(PrintWriter out) {
    for (History.Entry entry : reader.getHistory()) {
      out.printf("%4d  %s%n", entry.index() + 1, entry.line());
    }
    out.flush();
  }

  private Completer completer() {
    return (line, parsed, candidates) -> {
      List<String> words = parsed.words();
      for (String word : lines.complete(words.subList(0, parsed.wordIndex() + 1))) {
        candidates.add(new Candidate(word));
      }
    };
  }
}
