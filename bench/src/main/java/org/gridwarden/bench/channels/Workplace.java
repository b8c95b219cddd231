package org.gridwarden.bench.channels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run of the test-bed, with the processes that work in it. Once it is closed, or
 * the command is ended in the midst of it, they have ended and the folder is gone. Thread-safe.
 */
final class Workplace implements AutoCloseable {
  private final Path folder;
  private final Deque<AutoCloseable> workers = new ArrayDeque<>();
  private final Thread atExit = new Thread(this::leave, "workplace");
  private volatile boolean left;

  private Workplace(Path folder) {
    this.folder = folder;
  }

  /** Makes one in a folder. */
  static Workplace in(Path parent) throws IOException {
    Workplace place =
        new Workplace(Files.createTempDirectory(parent, "gridwarden-testbed-").toAbsolutePath());
    Runtime.getRuntime().addShutdownHook(place.atExit);
    return place;
  }

  Path folder() {
    return folder;
  }

  /** Who works here from now on; ended before those that came earlier. */
  <T extends AutoCloseable> T employ(T worker) {
    synchronized (workers) {
      workers.push(worker);
    }
    return worker;
  }

  /**
   * Whether it is closed, or the command has been ended: nothing that fails now is worth a word.
   */
  boolean isLeft() {
    return left;
  }

  private synchronized void leave() {
    if (left) {
      return;
    }
    left = true;
    for (AutoCloseable worker = next(); worker != null; worker = next()) {
      try {
        worker.close();
      } catch (Exception e) {
        System.err.println("gridwarden: a process of the test-bed does not end: " + e.getMessage());
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("gridwarden: some of " + folder + " is left: " + e.getMessage());
    }
  }

  private @Nullable AutoCloseable next() {
    synchronized (workers) {
      return workers.poll();
    }
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // it is at it, and finds nothing left to do
    }
  }
}
