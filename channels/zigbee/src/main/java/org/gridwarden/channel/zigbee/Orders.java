package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator has a coordinator do beside letting devices in ({@link Admissions}): a file in
 * its folder with one line, which it reads and deletes. Thread-safe.
 */
public final class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
  private static final String INBOX = "orders";
  private static final String REFRESH = "refresh-key";
  private static final String REMOVE = "remove ";
  private static final int LONGEST = 100;

  private Orders() {}

  /** What is to be done. */
  sealed interface Order {
    /** Another network key, given to all on the air. */
    record RefreshKey() implements Order {}

    /** A device is sent away, and forgotten. */
    record Remove(Eui64 device) implements Order {}
  }

  /**
   * Has a coordinator give its network another key.
   *
   * @throws IOException where the folder is not there, or not to be written
   */
  public static void refreshKey(Path folder) throws IOException {
    post(folder, REFRESH);
  }

  /**
   * Has a coordinator send a device away, and forget it.
   *
   * @param eui64 the maker's address, 16 hexadecimal digits
   * @throws IllegalArgumentException where it is none
   * @throws IOException where the folder is not there, or not to be written
   */
  public static void remove(Path folder, String eui64) throws IOException {
    post(folder, REMOVE + Eui64.parse(eui64));
  }

  private static void post(Path folder, String line) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder: has the coordinator ever run?");
    }
    Path inbox = Files.createDirectories(folder.resolve(INBOX));
    Path hidden = Files.createTempFile(inbox, ".", ".new");
    Files.writeString(hidden, line + "\n");
    Files.move(hidden, inbox.resolve(UUID.randomUUID() + ".txt"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes what operators posted; what is not right is dropped, and said so. */
  static List<Order> take(Path folder) {
    Path inbox = folder.resolve(INBOX);
    if (!Files.isDirectory(inbox)) {
      return List.of();
    }
    List<Order> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(inbox)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        try {
          all.add(read(file));
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

  private static Order read(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IllegalArgumentException("it is too long for an order");
    }
    String line = Files.readString(file).strip();
    if (line.equals(REFRESH)) {
      return new Order.RefreshKey();
    }
    if (line.startsWith(REMOVE)) {
      return new Order.Remove(Eui64.parse(line.substring(REMOVE.length())));
    }
    throw new IllegalArgumentException("an order is 'refresh-key', or 'remove' and an address");
  }
}
