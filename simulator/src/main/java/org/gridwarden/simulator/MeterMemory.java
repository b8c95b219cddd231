package org.gridwarden.simulator;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.gridwarden.core.CommandId;
import org.gridwarden.dlms.objects.ImageStore;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.OrderDesk;

/**
 * What commands have made of a meter: the greatest counter, the latest receipts, where the breaker
 * stands, limits, price and tariff. In a file of its own, replaced whole and forced to the disk at
 * each change, so that a power cut forgets nothing. Thread-safe.
 */
final class MeterMemory implements OrderDesk.Counter, OrderDesk.Memory {
  private static final int RECEIPTS = 256;

  private final Optional<Path> file;
  private final SequencedMap<CommandId, byte[]> receipts = new LinkedHashMap<>();
  private final Map<String, String> words = new LinkedHashMap<>();
  private final Supply supply;
  private long counter = -1;

  private MeterMemory(Optional<Path> file, Properties kept) {
    this.file = file;
    for (String name : kept.stringPropertyNames()) {
      String text = kept.getProperty(name);
      switch (name) {
        case "counter" -> counter = Long.parseLong(text);
        case "breaker", "limits", "shed", "receipts" -> {}
        default -> words.put(name, text);
      }
    }
    for (String line : list(kept.getProperty("receipts", ""))) {
      String[] parts = line.split(":", 2);
      receipts.put(new CommandId(UUID.fromString(parts[0])), Base64.getDecoder().decode(parts[1]));
    }
    this.supply =
        new Supply(
            changes(kept.getProperty("breaker", "")),
            changes(kept.getProperty("limits", "")),
            changes(kept.getProperty("shed", "")));
  }

  /** One that is forgotten with the street. */
  static MeterMemory passing() {
    return new MeterMemory(Optional.empty(), new Properties());
  }

  /**
   * Reads the file where it is there.
   *
   * @throws IOException where it cannot be read, or is none
   */
  static MeterMemory of(Path file) throws IOException {
    Properties kept = new Properties();
    try {
      if (Files.exists(file)) {
        kept.load(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)));
      }
      return new MeterMemory(Optional.of(file), kept);
    } catch (RuntimeException e) {
      throw new IOException(file + " is no meter's memory; take it away", e);
    }
  }

  /** Where the meter's next firmware is put together: beside the file, where there is one. */
  ImageStore images() {
    return file.isPresent()
        ? new FileImageStore(file.get().resolveSibling(file.get().getFileName() + ".image"))
        : ImageStore.passing();
  }

  Supply supply() {
    return supply;
  }

  @Override
  public synchronized long seen() {
    return counter;
  }

  @Override
  public synchronized void seen(long greatest) {
    counter = greatest;
    write();
  }

  @Override
  public synchronized Optional<byte[]> receipt(CommandId id) {
    return Optional.ofNullable(receipts.get(id));
  }

  @Override
  public synchronized void keep(CommandId id, byte[] receipt) {
    receipts.putLast(id, receipt.clone());
    if (receipts.size() > RECEIPTS) {
      receipts.pollFirstEntry();
    }
    write();
  }

  /** A word kept under a name. */
  synchronized Optional<String> word(String name) {
    return Optional.ofNullable(words.get(name));
  }

  /** Keeps a word: on the disk with the receipt of the command that it comes from. */
  synchronized void word(String name, String text) {
    words.put(name, text);
  }

  /** Takes a word away: from the disk with the next change. */
  synchronized void forget(String name) {
    words.remove(name);
  }

  /** Counters begin anew, under another key. */
  synchronized void restart(long greatest) {
    counter = greatest;
  }

  /** Does something to several words, and keeps all of it at once. */
  synchronized void together(Runnable changes) {
    changes.run();
    write();
  }

  /** Keeps what was changed without a command, by a hand on the meter. */
  synchronized void write() {
    if (file.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("# what commands have made of a simulated meter\n");
    text.append("counter=").append(counter).append('\n');
    words.forEach((name, word) -> text.append(name).append('=').append(word).append('\n'));
    text.append("breaker=").append(text(supply.breaker())).append('\n');
    text.append("limits=").append(text(supply.limits())).append('\n');
    text.append("shed=").append(text(supply.shed())).append('\n');
    text.append("receipts=")
        .append(
            receipts.entrySet().stream()
                .map(e ->
                    e.getKey().value() + ":" + Base64.getEncoder().encodeToString(e.getValue()))
                .collect(Collectors.joining(",")))
        .append('\n');
    try {
      SecretFiles.write(file.get(), text.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's memory cannot be kept", e);
    }
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }

  private static List<Supply.Change> changes(String text) {
    List<Supply.Change> changes = new ArrayList<>();
    for (String one : list(text)) {
      String[] parts = one.split(":", 2);
      changes.add(
          new Supply.Change(
              Instant.ofEpochSecond(Long.parseLong(parts[0])), Long.parseLong(parts[1])));
    }
    return changes;
  }

  private static String text(List<Supply.Change> changes) {
    return changes.stream()
        .map(c -> c.from().getEpochSecond() + ":" + c.watts())
        .collect(Collectors.joining(","));
  }
}
