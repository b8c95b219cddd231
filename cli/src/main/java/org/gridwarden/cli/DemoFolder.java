package org.gridwarden.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where the demo keeps its data.
 *
 * @param path the folder, absolute
 */
record DemoFolder(Path path) {
  /** Tells a folder that the demo made, and may throw away, from others. */
  private static final String MARK = "gridwarden-demo";

  DemoFolder {
    path = path.toAbsolutePath().normalize();
  }

  /** {@code data/demo} in the folder that ./gridwarden stands in. */
  static Path usual() {
    return Path.of(System.getProperty("gridwarden.home", "")).resolve("data").resolve("demo");
  }

  /** What the meters know to be safe. */
  Path journal() {
    return path.resolve("street.journal");
  }

  /** The meters' secret and counters. */
  Path state() {
    return path.resolve("street.state");
  }

  /** The public keys of the operators whose signed commands the meters obey. */
  Path operators() {
    return path.resolve("operators");
  }

  /** The server's log. */
  Path log() {
    return path.resolve("server.log.jsonl");
  }

  /**
   * Makes it, empty where asked.
   *
   * @throws Failure where it cannot be written, or holds something else
   */
  void prepare(boolean fresh) {
    try {
      if (fresh && Files.exists(path)) {
        empty();
      }
      Files.createDirectories(path);
      if (!Files.exists(path.resolve(MARK))) {
        if (!isEmpty()) {
          throw new Failure(path + " is no demo's folder and not empty; name another with --data");
        }
        Files.createFile(path.resolve(MARK));
      }
      if (!Files.isWritable(path)) {
        throw unwritable();
      }
    } catch (IOException e) {
      throw unwritable();
    }
  }

  private void empty() throws IOException {
    if (!Files.exists(path.resolve(MARK)) && !isEmpty()) {
      throw new Failure(path + " is no demo's folder; --fresh throws away only such");
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        if (!file.equals(path) && !file.getFileName().toString().equals(MARK)) {
          Files.delete(file);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  private Failure unwritable() {
    return new Failure(
        "the folder " + path + " cannot be written; name another with --data, or give the right");
  }
}
