package org.gridwarden.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import org.gridwarden.dlms.objects.ImageStore;
import org.gridwarden.security.SecretFiles;

/**
 * An image's blocks in a file beside the meter's memory, so that a transfer goes on after the meter
 * was without power. The file is there while a transfer is open:
 *
 * <pre>
 * 4 bytes   the image's size
 * 4 bytes   the block size
 * 1 byte    the identifier's length, then 64 bytes for it
 * a byte a block, 1 where it is there
 * the blocks
 * </pre>
 *
 * A block is on the disk before it is said to be there. Who holds the image's lock calls.
 */
final class FileImageStore implements ImageStore {
  private static final int IDENTIFIER = 64;
  private static final int HEADER = 9 + IDENTIFIER;

  private final Path file;
  private final BitSet there = new BitSet();
  private Optional<Begun> begun;

  /**
   * Goes on with what the file holds; a file that is none is thrown away, and the office begins
   * anew.
   */
  FileImageStore(Path file) {
    this.file = file;
    this.begun = Files.exists(file) ? reopened() : Optional.empty();
  }

  private Optional<Begun> reopened() {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = read(in, 0, HEADER);
      int size = header.getInt();
      int blockSize = header.getInt();
      byte[] identifier = new byte[Math.min(IDENTIFIER, header.get() & 0xFF)];
      header.get(identifier);
      if (size < 1 || blockSize < 1) {
        return Optional.empty();
      }
      Begun transfer = new Begun(identifier, size, blockSize);
      if (in.size() < HEADER + (long) transfer.blocks()) {
        return Optional.empty();
      }
      ByteBuffer map = read(in, HEADER, transfer.blocks());
      for (int i = 0; i < transfer.blocks(); i++) {
        there.set(i, map.get(i) == 1);
      }
      return Optional.of(transfer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ByteBuffer read(FileChannel in, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("the file is cut off");
      }
    }
    return bytes.flip();
  }

  @Override
  public Optional<Begun> begun() {
    return begun;
  }

  @Override
  public void begin(Begun transfer) {
    there.clear();
    byte[] identifier = transfer.identifier();
    ByteBuffer header =
        ByteBuffer.allocate(HEADER + transfer.blocks())
            .putInt(transfer.size())
            .putInt(transfer.blockSize())
            .put((byte) identifier.length)
            .put(identifier);
    try {
      SecretFiles.write(file, header.array());
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's image cannot be kept", e);
    }
    begun = Optional.of(transfer);
  }

  @Override
  public void block(int number, byte[] bytes) {
    Begun transfer = begun.orElseThrow();
    long blocks = HEADER + (long) transfer.blocks();
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      write(out, blocks + (long) number * transfer.blockSize(), bytes);
      out.force(false);
      write(out, HEADER + (long) number, new byte[] {1});
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's image cannot be kept", e);
    }
    there.set(number);
  }

  private static void write(FileChannel out, long at, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      out.write(left, at + left.position());
    }
  }

  @Override
  public BitSet there() {
    return (BitSet) there.clone();
  }

  @Override
  public byte[] whole() {
    Begun transfer = begun.orElseThrow();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(in, HEADER + (long) transfer.blocks(), transfer.size()).array();
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's image cannot be read", e);
    }
  }

  @Override
  public void end() {
    begun = Optional.empty();
    there.clear();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's image cannot be thrown away", e);
    }
  }
}
