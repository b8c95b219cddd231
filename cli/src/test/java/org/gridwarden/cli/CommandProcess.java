package org.gridwarden.cli;

import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gridwarden command in a process of its own, killed with the test that started it. */
final class CommandProcess implements AutoCloseable {
  static final List<String> LIGHT =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m");

  private final Process process;
  private final Path out;
  private final Path err;

  private CommandProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code java Gridwarden arguments}, its output in files of the folder. */
  static CommandProcess start(Path folder, String name, String... arguments) throws IOException {
    return start(folder, name, LIGHT, arguments);
  }

  static CommandProcess start(Path folder, String name, List<String> options, String... arguments)
      throws IOException {
    return start(folder, name, options, Map.of(), "org.gridwarden.cli.Gridwarden", arguments);
  }

  /** Starts any main class of the tests' class path, with further environment variables. */
  static CommandProcess start(
      Path folder,
      String name,
      List<String> options,
      Map<String, String> environment,
      String main,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dgridwarden.home=" + root());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(List.of(arguments));
    return run(folder, name, command, environment);
  }

  /** Starts any command. */
  static CommandProcess run(Path folder, String name, List<String> command) throws IOException {
    return run(folder, name, command, Map.of());
  }

  private static CommandProcess run(
      Path folder, String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    builder.environment().putAll(environment);
    return new CommandProcess(builder.start(), out, err);
  }

  /** The project's folder. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("cosem-types"))) {
      Path up = here.getParent();
      if (up == null) {
        throw new IllegalStateException("run this test inside the project");
      }
      here = up;
    }
    return here;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Its exit code, waited for. */
  int exit(Duration within) throws InterruptedException, IOException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + within + ": " + err());
    }
    return process.exitValue();
  }

  /** As Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /** As kill -9 does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** As a polite kill does; kills where that does not help. */
  void stop(Duration patience) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Types a line, as at its terminal. */
  void type(String line) throws IOException {
    BufferedWriter in = process.outputWriter();
    in.write(line);
    in.newLine();
    in.flush();
  }

  /** Waits until its standard error holds a text. */
  void says(String text, Duration within) {
    await()
        .atMost(within)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          if (!process.isAlive() && !err().contains(text)) {
            throw new AssertionError("ended without saying '" + text + "': " + err());
          }
          return err().contains(text);
        });
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      List<ProcessHandle> children = process.descendants().toList();
      kill();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
