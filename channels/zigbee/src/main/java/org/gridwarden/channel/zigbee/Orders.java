package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an operator has a coordinator do beside letting devices in ({@link Admissions}): a file in
 * its folder with one line, which it reads and deletes. Thread-safe.
 */
public final class Orders {
  private static final Inbox INBOX = new Inbox("orders", ".txt", 100);
  private static final String REFRESH = "refresh-key";
  private static final String REMOVE = "remove ";

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
    INBOX.post(folder, line + "\n");
  }

  /** Takes what operators posted; what is not right is dropped, and said so. */
  static List<Order> take(Path folder) {
    return INBOX.take(folder, text -> Optional.of(read(text.strip())));
  }

  private static Order read(String line) {
    if (line.equals(REFRESH)) {
      return new Order.RefreshKey();
    }
    if (line.startsWith(REMOVE)) {
      return new Order.Remove(Eui64.parse(line.substring(REMOVE.length())));
    }
    throw new IllegalArgumentException("an order is 'refresh-key', or 'remove' and an address");
  }
}
