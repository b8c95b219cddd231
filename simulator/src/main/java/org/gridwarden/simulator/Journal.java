package org.gridwarden.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * What the meters know to be safe: each push whose confirmation arrived and was authentic. It is
 * the judge of whether the office kept its promise. In a file, an entry is on the disk soon after
 * its confirmation (entries are forced in groups); what is missing at its end was confirmed all the
 * same, so that the judge never asks for too much. Thread-safe.
 */
public final class Journal implements AutoCloseable {
  private static final int GROUP = 4_096;

  private final List<Confirmed> kept = new ArrayList<>();
  private final LinkedBlockingQueue<Optional<Confirmed>> toWrite = new LinkedBlockingQueue<>();
  private final Optional<Thread> writer;
  private volatile Optional<IOException> broken = Optional.empty();

  private Journal(Optional<FileChannel> file) {
    writer = file.map(f -> Thread.ofPlatform().name("journal").daemon().start(() -> write(f)));
  }

  /** Keeps the entries in memory, for {@link #drain}. */
  static Journal inMemory() {
    return new Journal(Optional.empty());
  }

  /**
   * Appends the entries to a file.
   *
   * @throws IOException where it cannot be written
   */
  static Journal toFile(Path file) throws IOException {
    return new Journal(
        Optional.of(
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)));
  }

  /** Reads a file's entries one by one; an unfinished last line is left out. */
  public static void read(Path file, Consumer<Confirmed> to) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JournalLine.parse(line).ifPresent(to);
      }
    }
  }

  /** Takes out all entries kept in memory so far. */
  public List<Confirmed> drain() {
    synchronized (kept) {
      List<Confirmed> all = List.copyOf(kept);
      kept.clear();
      return all;
    }
  }

  /** How many entries wait in memory. */
  public int size() {
    synchronized (kept) {
      return kept.size();
    }
  }

  void add(Confirmed entry) {
    if (writer.isPresent()) {
      toWrite.add(Optional.of(entry));
    } else {
      synchronized (kept) {
        kept.add(entry);
      }
    }
  }

  /**
   * Ends the file, with everything in it.
   *
   * @throws IOException where something could not be written
   */
  @Override
  public void close() throws IOException {
    toWrite.add(Optional.empty());
    try {
      if (writer.isPresent()) {
        writer.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (broken.isPresent()) {
      throw broken.get();
    }
  }

  private void write(FileChannel file) {
    List<Optional<Confirmed>> group = new ArrayList<>();
    try (file) {
      boolean open = true;
      while (open) {
        group.add(toWrite.take());
        toWrite.drainTo(group, GROUP);
        StringBuilder lines = new StringBuilder();
        for (Optional<Confirmed> entry : group) {
          entry.ifPresent(e -> lines.append(JournalLine.format(e)).append('\n'));
          open &= entry.isPresent();
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(false);
        group.clear();
      }
    } catch (IOException e) {
      broken = Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
