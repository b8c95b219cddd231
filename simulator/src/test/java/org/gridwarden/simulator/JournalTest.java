package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant AT = Instant.parse("2026-11-24T10:15:00Z");
  private static final Confirmed ENTRY =
      new Confirmed(
          "GW-0000001",
          4_294_967_295L,
          List.of(
              new Confirmed.Slots(ObisCode.parse("1.0.1.29.0.255"), AT, 900, List.of(12, 0, 7)),
              new Confirmed.Value(ObisCode.parse("1.0.32.7.0.255"), AT, 2301, -1),
              new Confirmed.Event(ObisCode.parse("0.0.96.11.4.255"), AT, 76)));

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path file = folder.resolve("journal");
    try (Journal journal = Journal.toFile(file)) {
      for (int i = 0; i < 10_000; i++) {
        journal.add(ENTRY);
      }
    }
    List<Confirmed> read = new ArrayList<>();
    Journal.read(file, read::add);
    assertThat(read).hasSize(10_000).containsOnly(ENTRY);
  }

  @Test
  void aTornLastLineIsLeftOut() throws IOException {
    Path file = folder.resolve("journal");
    try (Journal journal = Journal.toFile(file)) {
      journal.add(ENTRY);
    }
    String line = Files.readString(file).strip();
    Files.writeString(file, line.substring(0, line.length() / 2), StandardOpenOption.APPEND);
    List<Confirmed> read = new ArrayList<>();
    Journal.read(file, read::add);
    assertThat(read).containsExactly(ENTRY);
  }

  @Test
  void inMemoryItIsTakenOutOnce() throws IOException {
    try (Journal journal = Journal.inMemory()) {
      journal.add(ENTRY);
      assertThat(journal.size()).isEqualTo(1);
      assertThat(journal.drain()).containsExactly(ENTRY);
      assertThat(journal.drain()).isEmpty();
    }
  }
}
