package org.gridwarden.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.gridwarden.dlms.InvocationCounter;

/**
 * Invocation counters kept in a file: a block of them is promised on the disk before the first is
 * used, so that none comes twice after a crash or from another process. Thread-safe.
 */
final class FileCounter implements InvocationCounter {
  private static final int BLOCK = 256;

  private final Path file;
  private long next;
  private long end;

  FileCounter(Path file) {
    this.file = file;
  }

  @Override
  public synchronized long next() {
    if (next == end) {
      try {
        next = reserve();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      end = next + BLOCK;
    }
    return next++;
  }

  private long reserve() throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE);
        FileLock lock = channel.lock()) {
      ByteBuffer digits = ByteBuffer.allocate(32);
      channel.read(digits, 0);
      String text = new String(digits.array(), 0, digits.position(), StandardCharsets.US_ASCII);
      long free;
      try {
        free = text.isBlank() ? 1 : Long.parseUnsignedLong(text.strip());
      } catch (NumberFormatException e) {
        throw new Failure(file + ": holds no counter; give another file", Gridwarden.WRONG_INPUT);
      }
      if (!lock.isValid() || free + BLOCK > 0xFFFF_FFFFL) {
        throw new Failure(file + ": its counters are used up; the meter needs new keys");
      }
      channel.write(
          ByteBuffer.wrap("%-12d%n".formatted(free + BLOCK).getBytes(StandardCharsets.US_ASCII)),
          0);
      channel.force(true);
      return free;
    }
  }
}
