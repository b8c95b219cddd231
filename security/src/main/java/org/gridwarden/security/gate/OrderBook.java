package org.gridwarden.security.gate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.Order;

/**
 * What a gate has begun and finished; on the disk before the first byte of a command is made, so
 * that no command is done twice after a crash. Thread-safe.
 */
final class OrderBook {
  private final Path orders;
  private final Map<CommandId, String> known = new HashMap<>();
  private final Map<MeterId, CommandId> latest = new HashMap<>();

  /** What the book says to an order. */
  sealed interface Entry {
    /** It may be tried: it is new, or was begun, has no outcome, and nothing came after it. */
    record Begun() implements Entry {}

    /** It was finished, with this record. */
    @SuppressWarnings("ArrayRecordComponent") // within the package, never changed
    record Finished(byte[] record) implements Entry {}

    /** It was begun, and another command to the meter since: it must not undo that one. */
    record Overtaken() implements Entry {}
  }

  private OrderBook(Path orders) {
    this.orders = orders;
  }

  /**
   * Opens a folder's book, {@code orders.log}.
   *
   * @throws IOException where a line of it cannot be read: nothing is done then
   */
  static OrderBook open(Path folder) throws IOException {
    OrderBook book = new OrderBook(folder.resolve("orders.log"));
    if (!Files.exists(book.orders)) {
      SecretFiles.write(book.orders, new byte[0]);
    }
    String text = Files.readString(book.orders, StandardCharsets.US_ASCII);
    int whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length()) {
      // a power cut amid a line: what it was about was not made yet, since lines come first
      try (FileChannel file = FileChannel.open(book.orders, StandardOpenOption.WRITE)) {
        file.truncate(whole);
        file.force(true);
      }
    }
    try {
      text.substring(0, whole).lines().forEach(line -> book.read(line.split(" ", 3)));
    } catch (RuntimeException e) {
      throw new IOException(book.orders + " is damaged; see to it before any command goes", e);
    }
    return book;
  }

  private void read(String[] words) {
    CommandId id = new CommandId(UUID.fromString(words[1]));
    switch (words[0]) {
      case "begun" -> {
        known.putIfAbsent(id, "");
        latest.put(new MeterId(words[2]), id);
      }
      case "done" -> known.put(id, words[2]);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  /** Begins an order, durably, where it may be tried. */
  synchronized Entry begin(Order order) throws IOException {
    String before = known.get(order.id());
    if (before != null && !before.isEmpty()) {
      return new Entry.Finished(Base64.getDecoder().decode(before));
    }
    if (before != null) {
      return order.id().equals(latest.get(order.meter()))
          ? new Entry.Begun()
          : new Entry.Overtaken();
    }
    append("begun " + order.id().value() + " " + order.meter());
    known.put(order.id(), "");
    latest.put(order.meter(), order.id());
    return new Entry.Begun();
  }

  /** Ends an order, durably. */
  synchronized void end(CommandId id, byte[] record) throws IOException {
    String text = Base64.getEncoder().encodeToString(record);
    append("done " + id.value() + " " + text);
    known.put(id, text);
  }

  /** Whether an order was finished, and how. */
  synchronized Optional<byte[]> record(CommandId id) {
    return Optional.ofNullable(known.get(id))
        .filter(text -> !text.isEmpty())
        .map(Base64.getDecoder()::decode);
  }

  private void append(String line) throws IOException {
    try (FileChannel file = FileChannel.open(orders, StandardOpenOption.APPEND)) {
      ByteBuffer left = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
      while (left.hasRemaining()) {
        file.write(left);
      }
      file.force(true);
    }
  }
}
