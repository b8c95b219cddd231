package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gridwarden.dlms.security.StoredCounter;
import org.gridwarden.security.SecretFiles;

/** A gate's invocation counters, in a file. Thread-safe. */
final class GateCounter implements StoredCounter.Store {
  private final Path counter;

  GateCounter(Path folder) {
    this.counter = folder.resolve("counter");
  }

  @Override
  public synchronized long load() {
    try {
      return Files.exists(counter)
          ? Long.parseLong(Files.readString(counter, StandardCharsets.US_ASCII).strip())
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void save(long number) {
    try {
      SecretFiles.write(counter, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
