package org.gridwarden.channel.dlms.gate;

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

class GateBookTest {
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
    GateBook book = GateBook.open(folder);
    assertThat(book.begin(order(1, "A"))).isInstanceOf(GateBook.Entry.Begun.class);
    assertThat(book.begin(order(2, "B"))).isInstanceOf(GateBook.Entry.Begun.class);
    assertThat(book.begin(order(3, "A"))).isInstanceOf(GateBook.Entry.Begun.class);
    book.end(new CommandId(new UUID(0, 3)), new byte[] {7});
    for (GateBook open : new GateBook[] {book, GateBook.open(folder)}) {
      assertThat(open.begin(order(1, "A"))).isInstanceOf(GateBook.Entry.Overtaken.class);
      assertThat(open.begin(order(2, "B"))).isInstanceOf(GateBook.Entry.Begun.class);
      assertThat(open.begin(order(3, "A")))
          .isInstanceOfSatisfying(
              GateBook.Entry.Finished.class, done -> assertThat(done.record()).containsExactly(7));
    }
  }

  @Test
  @DisplayName("C2: counters that were reserved are not given out again")
  void counters() throws IOException {
    GateBook.open(folder).save(512);
    assertThat(GateBook.open(folder).load()).isEqualTo(512);
  }

  @Test
  @DisplayName("a line that a power cut tore was not acted upon; a damaged one stops the gate")
  void torn() throws IOException {
    GateBook.open(folder).begin(order(1, "A"));
    Path log = folder.resolve("orders.log");
    Files.writeString(log, "begun 0000", StandardOpenOption.APPEND);
    GateBook book = GateBook.open(folder);
    assertThat(book.begin(order(2, "A"))).isInstanceOf(GateBook.Entry.Begun.class);
    assertThat(GateBook.open(folder).begin(order(1, "A")))
        .isInstanceOf(GateBook.Entry.Overtaken.class);
    Files.writeString(log, "rubbish\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> GateBook.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("orders.log");
  }
}
