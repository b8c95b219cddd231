package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A terminal of its own (script of util-linux) in which a line is run as somebody types it: what it
 * asks for is typed, too.
 */
final class TypedTerminal implements AutoCloseable {
  private static final Duration GLANCE = Duration.ofMillis(50);
  private static final int CTRL_C = 3;

  private final Process process;
  private final StringBuilder shown = new StringBuilder();
  private final Thread reading;

  private TypedTerminal(Process process) {
    this.process = process;
    this.reading = Thread.ofVirtual().start(this::read);
  }

  /** Runs a line of a shell in a folder. */
  static TypedTerminal run(Path folder, Map<String, String> environment, String line)
      throws IOException {
    ProcessBuilder builder =
        // whoever started the tests in the background has Ctrl-C ignored, and that would be
        // inherited
        new ProcessBuilder(
                List.of("env", "--default-signal=INT", "script", "-qefc", line, "/dev/null"))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("SHELL", "/bin/bash");
    builder.environment().putAll(environment);
    return new TypedTerminal(builder.start());
  }

  private void read() {
    byte[] some = new byte[4_096];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        synchronized (shown) {
          shown.append(new String(some, 0, n, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // it is over
    }
  }

  /** What the terminal shows. */
  String shown() {
    synchronized (shown) {
      return shown.toString().replace("\r\n", "\n");
    }
  }

  /** Waits until it shows something. */
  void shows(String text, Duration within) {
    await()
        .atMost(within)
        .pollInterval(GLANCE)
        .until(() -> {
          if (shown().contains(text)) {
            return true;
          }
          assertThat(process.isAlive()).as("it ended without '%s': %s", text, shown()).isTrue();
          return false;
        });
  }

  /**
   * Answers what it asks for until it ends.
   *
   * @param answers what is typed where the last line that is shown is this one; empty where that is
   *     no question
   * @return its exit code
   */
  int untilDone(Function<String, Optional<String>> answers, Duration within) {
    int[] answered = {0};
    await()
        .atMost(within)
        .pollInterval(GLANCE)
        .until(() -> {
          boolean over = process.waitFor(0, TimeUnit.MILLISECONDS);
          String now = shown();
          if (over) {
            return true;
          }
          String line = now.substring(now.lastIndexOf('\n') + 1);
          if (now.length() > answered[0]) {
            Optional<String> answer = answers.apply(line);
            if (answer.isPresent()) {
              answered[0] = now.length();
              type(answer.get() + "\n");
            }
          }
          return false;
        });
    try {
      reading.join(within);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.exitValue();
  }

  /** As the key Ctrl-C does. */
  void interrupt() throws IOException {
    type(String.valueOf((char) CTRL_C));
  }

  private void type(String text) throws IOException {
    OutputStream keys = process.getOutputStream();
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
