package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people post for a coordinator: files in a folder within its own, of their owner's only, each
 * read once and deleted. Thread-safe.
 *
 * @param name the folder's
 * @param suffix how the files' names end
 * @param longest in bytes: what is longer is not read
 */
record Inbox(String name, String suffix, int longest) {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  /** Reads one that was posted; what is not right is an {@link IllegalArgumentException}. */
  interface Reading<T> {
    /** Empty where there is nothing in it. */
    Optional<T> of(String text);
  }

  /**
   * Posts one, whole or not at all.
   *
   * @throws IOException where the coordinator's folder is not there, or not to be written
   */
  void post(Path coordinator, String text) throws IOException {
    if (!Files.isDirectory(coordinator)) {
      throw new IOException(coordinator + " is no folder: has the coordinator ever run?");
    }
    Path inbox = Files.createDirectories(coordinator.resolve(name));
    Path hidden =
        Files.createTempFile(
            inbox,
            ".",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(hidden, text);
    Files.move(hidden, inbox.resolve(UUID.randomUUID() + suffix), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes what was posted; what is not right is dropped, and said so. */
  <T> List<T> take(Path coordinator, Reading<T> reading) {
    Path inbox = coordinator.resolve(name);
    if (!Files.isDirectory(inbox)) {
      return List.of();
    }
    List<T> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(inbox)) {
      for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
        try {
          if (Files.size(file) > longest) {
            throw new IllegalArgumentException("it is too long");
          }
          reading.of(Files.readString(file)).ifPresent(all::add);
        } catch (IOException | IllegalArgumentException e) {
          LOG.warn("{} was not taken: {}", file, e.getMessage());
        } finally {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", inbox, e.getMessage());
    }
    return List.copyOf(all);
  }
}
