package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.Order;
import org.jspecify.annotations.Nullable;

/**
 * Which orders to power strips were begun and done, in a file until they expire: a strip does not
 * know an order that comes again, nor that another one came in between. Thread-safe.
 */
final class StripOrders {
  private static final String FILE = "strip-orders.csv";
  private static final int REWRITTEN = 1_000;

  private final Path file;

  /** In the order in which they were begun. */
  private final Map<CommandId, Entry> orders = new LinkedHashMap<>();

  private int lines;

  private record Entry(MeterId meter, boolean done, Instant expires) {}

  private StripOrders(Path file) {
    this.file = file;
  }

  /**
   * Opens the book.
   *
   * @throws IOException where it is damaged; a torn last line, after a power cut, is left out: its
   *     order was not begun
   */
  static StripOrders open(Path folder, Instant now) throws IOException {
    StripOrders book = new StripOrders(folder.resolve(FILE));
    if (Files.exists(book.file)) {
      String text = Files.readString(book.file);
      List<String> all = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      for (int i = 0; i < all.size(); i++) {
        String[] words = all.get(i).split(",", -1);
        if (words.length != 4 || !words[2].matches("begun|done")) {
          throw book.damaged(i + 1, null);
        }
        try {
          book.orders.put(
              new CommandId(UUID.fromString(words[0])),
              new Entry(new MeterId(words[1]), words[2].equals("done"), Instant.parse(words[3])));
        } catch (IllegalArgumentException | DateTimeException e) {
          throw book.damaged(i + 1, e);
        }
      }
      book.rewrite(now);
    }
    return book;
  }

  private IOException damaged(int line, @Nullable Exception why) {
    return new IOException(
        file
            + ", line "
            + line
            + " is no order: restore the file, or remove it once no order to a power strip is under"
            + " way",
        why);
  }

  /** Whether an order was done. */
  synchronized boolean done(CommandId id) {
    Entry known = orders.get(id);
    return known != null && known.done;
  }

  /**
   * Begins an order, or begins it again; durable before it returns.
   *
   * @return false where another one to the same strip was begun after it: it is not to undo that
   * @throws IOException where it cannot be kept: it is not to be obeyed
   */
  synchronized boolean begin(Order order, Instant now) throws IOException {
    if (orders.containsKey(order.id())) {
      CommandId last = order.id();
      for (Map.Entry<CommandId, Entry> one : orders.entrySet()) {
        last = one.getValue().meter.equals(order.meter()) ? one.getKey() : last;
      }
      return last.equals(order.id());
    }
    note(order, false, now);
    return true;
  }

  /**
   * Notes that an order was done; durable before it returns.
   *
   * @throws IOException where it cannot be kept
   */
  synchronized void end(Order order, Instant now) throws IOException {
    note(order, true, now);
  }

  private void note(Order order, boolean done, Instant now) throws IOException {
    Entry entry = new Entry(order.meter(), done, order.expires());
    write(file, line(order.id(), entry), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    orders.put(order.id(), entry);
    if (++lines > REWRITTEN) {
      rewrite(now);
    }
  }

  private void rewrite(Instant now) throws IOException {
    orders.values().removeIf(e -> e.expires.isBefore(now.minus(StripSession.SKEW)));
    StringBuilder text = new StringBuilder();
    orders.forEach((id, entry) -> text.append(line(id, entry)));
    Path fresh = file.resolveSibling(FILE + ".new");
    write(
        fresh,
        text.toString(),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    lines = orders.size();
  }

  private static String line(CommandId id, Entry entry) {
    return id.value()
        + ","
        + entry.meter
        + ","
        + (entry.done ? "done" : "begun")
        + ","
        + entry.expires
        + "\n";
  }

  private static void write(Path file, String text, StandardOpenOption... how) throws IOException {
    try (FileChannel channel = FileChannel.open(file, how)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
