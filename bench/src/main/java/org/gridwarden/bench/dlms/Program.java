package org.gridwarden.bench.dlms;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of a comparison, in a process of its own: told a line, it answers a line. Ends with
 * this. One thread at a time.
 */
final class Program implements Closeable {
  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final PrintStream in;

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    this.out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
  }

  /**
   * @param name for what goes wrong
   */
  static Program start(String name, List<String> command) throws IOException {
    return new Program(
        name, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void tell(String line) {
    in.println(line);
  }

  /**
   * The next line that begins with a word, without that word.
   *
   * @throws IOException where the program ended without
   */
  String line(String word) throws IOException {
    String line = next(word);
    if (line.isEmpty()) {
      throw new IOException(name + " ended without saying " + word);
    }
    return line;
  }

  /** As {@link #line}; empty where the program has ended. */
  String next(String word) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(word)) {
        return word;
      }
      if (line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
    }
    return "";
  }

  /** Its standard input ends; where it does not end then, it is ended. */
  @Override
  public void close() {
    in.close();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
