package org.gridwarden.bench.channels;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the test-bed, seen from the command: it is told by lines, and answers by lines. */
final class Peer implements AutoCloseable {
  private static final Duration PARTING = Duration.ofSeconds(20);
  private static final String END = "";

  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedWriter to;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

  private Peer(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.to =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.ofVirtual().name(name).start(this::read);
  }

  /**
   * Starts one.
   *
   * @param prefix what is put before the command, so that it runs where it should
   * @param log where its standard error goes
   */
  static Peer start(List<String> prefix, Path log, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dlogback.configurationFile=org/gridwarden/bench/logback.xml");
    Optional.ofNullable(System.getProperty("gridwarden.home"))
        .ifPresent(home -> command.add("-Dgridwarden.home=" + home));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new Peer(main.getSimpleName(), process, log);
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        (line.startsWith("ordered ") ? orders : answers).add(line);
      }
    } catch (IOException e) {
      // it has ended
    }
    answers.add(END);
    orders.add(END);
  }

  /** Tells it something, and returns its answer. */
  String ask(String line, Duration within) throws IOException, InterruptedException {
    answers.removeIf(late -> !late.equals(END)); // whoever asked for it has given up
    to.write(line + "\n");
    to.flush();
    return answer(within);
  }

  /** Its next answer. */
  String answer(Duration within) throws IOException, InterruptedException {
    return next(answers, within).orElseThrow(() -> ended("says nothing for " + within));
  }

  /** What became of an order; empty where nothing did in time. */
  Optional<String> order(Duration within) throws IOException, InterruptedException {
    return next(orders, within);
  }

  private Optional<String> next(BlockingQueue<String> from, Duration within)
      throws IOException, InterruptedException {
    String line = from.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (END.equals(line)) {
      from.add(END);
      throw ended("has ended");
    }
    return Optional.ofNullable(line);
  }

  private IOException ended(String how) {
    String last = "";
    try (Stream<String> lines = Files.lines(log)) {
      // of a stack of calls its head says what was wrong
      last = lines.filter(l -> !l.isBlank() && !l.startsWith("\t")).reduce((a, b) -> b).orElse("");
    } catch (IOException e) {
      // then without it
    }
    return new IOException(
        "the process " + name + " " + how + (last.isEmpty() ? "" : "; its last words: " + last));
  }

  /** Whether it can still be asked. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it, and waits until it has. */
  @Override
  public void close() {
    try {
      to.close();
    } catch (IOException e) {
      // it has ended before
    }
    try {
      if (!process.waitFor(PARTING.toMillis(), TimeUnit.MILLISECONDS)) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
