package org.gridwarden.security.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.Order;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderBookTest {
  @TempDir Path folder;

  private static Order order(int id, String meter) {
    Instant at = Instant.ofEpochSecond(1_000);
    return new Order(
        new CommandId(new UUID(0, id)),
        new MeterId(meter),
        new Action.Disconnect(),
        at,
        at.plusSeconds(60),
        "olivia");
  }

  @Test
  @DisplayName("C1: what was begun and finished is known after a crash; what was overtaken, too")
  void remembered() throws IOException {
    OrderBook book = OrderBook.open(folder);
    assertThat(book.begin(order(1, "A"))).isInstanceOf(OrderBook.Entry.Begun.class);
    assertThat(book.begin(order(2, "B"))).isInstanceOf(OrderBook.Entry.Begun.class);
    assertThat(book.begin(order(3, "A"))).isInstanceOf(OrderBook.Entry.Begun.class);
    book.end(new CommandId(new UUID(0, 3)), new byte[] {7});
    for (OrderBook open : new OrderBook[] {book, OrderBook.open(folder)}) {
      assertThat(open.begin(order(1, "A"))).isInstanceOf(OrderBook.Entry.Overtaken.class);
      assertThat(open.begin(order(2, "B"))).isInstanceOf(OrderBook.Entry.Begun.class);
      assertThat(open.begin(order(3, "A")))
          .isInstanceOfSatisfying(
              OrderBook.Entry.Finished.class, done -> assertThat(done.record()).containsExactly(7));
    }
  }

  @Test
  @DisplayName("a line that a power cut tore was not acted upon; a damaged one stops the gate")
  void torn() throws IOException {
    OrderBook.open(folder).begin(order(1, "A"));
    Path log = folder.resolve("orders.log");
    Files.writeString(log, "begun 0000", StandardOpenOption.APPEND);
    OrderBook book = OrderBook.open(folder);
    assertThat(book.begin(order(2, "A"))).isInstanceOf(OrderBook.Entry.Begun.class);
    assertThat(OrderBook.open(folder).begin(order(1, "A")))
        .isInstanceOf(OrderBook.Entry.Overtaken.class);
    Files.writeString(log, "rubbish\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> OrderBook.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("orders.log");
  }
}
