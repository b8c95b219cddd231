package org.gridwarden.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running PostgreSQL as its postmaster.pid tells it: line 1 the process, 2 the data directory, 4
 * the port, 8 the state.
 *
 * @param pid its process
 * @param port its TCP port
 * @param ready whether it takes connections
 */
record Postmaster(long pid, int port, boolean ready) {
  /**
   * The PostgreSQL that runs in a cluster's folder. A file left behind by a dead one, or by one
   * whose process number something else has got since, is removed.
   */
  static Optional<Postmaster> find(Path cluster) throws IOException {
    Path file = cluster.resolve("postmaster.pid");
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    if (lines.size() < 4) {
      return Optional.empty();
    }
    long pid = Math.abs(Long.parseLong(lines.get(0).strip()));
    if (!runsIn(pid, cluster)) {
      Files.deleteIfExists(file);
      return Optional.empty();
    }
    boolean ready = lines.size() >= 8 && lines.get(7).startsWith("ready");
    return Optional.of(new Postmaster(pid, Integer.parseInt(lines.get(3).strip()), ready));
  }

  /** A fast shutdown, and where that takes too long an immediate one; recovery mends the rest. */
  void stop(Duration patience) throws IOException, InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    signal("INT");
    if (!ended(process.get(), patience)) {
      signal("QUIT");
      ended(process.get(), patience);
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    // Java sends TERM and KILL only: the one waits for clients, the other is no shutdown
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }

  private static boolean ended(ProcessHandle process, Duration patience)
      throws InterruptedException {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    }
  }

  private static boolean runsIn(long pid, Path cluster) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return false;
    }
    try {
      // PostgreSQL's working directory is its data directory
      return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), cluster);
    } catch (IOException e) {
      return false;
    }
  }
}
