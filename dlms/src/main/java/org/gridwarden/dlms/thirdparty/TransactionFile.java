package org.gridwarden.dlms.thirdparty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.jspecify.annotations.Nullable;

/**
 * A memory of transactions that survives a power cut: a file, a line an originator, written anew
 * and moved into its place before a request is done. A file that is damaged is an error, not an
 * empty memory. Thread-safe within one process, which alone has the file.
 */
public final class TransactionFile implements TransactionMemory {
  private static final HexFormat HEX = HexFormat.of();
  private static final String NONE = "-";
  private static final String END = "end";
  private static final long LONGEST = 1 << 20;

  private final Path file;
  private final Window window = new Window();

  private TransactionFile(Path file) {
    this.file = file;
  }

  /**
   * Opens a memory; a file that is not there yet is an empty one.
   *
   * @throws IOException where it cannot be read, or is damaged
   */
  public static TransactionFile open(Path file) throws IOException {
    TransactionFile opened = new TransactionFile(file.toAbsolutePath());
    if (Files.exists(file)) {
      if (Files.size(file) > LONGEST) {
        throw new IOException(file + " is no memory of transactions: it is too long");
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
      if (lines.isEmpty() || !lines.getLast().equals(END)) {
        throw opened.damaged("it was cut", null);
      }
      for (String line : lines.subList(0, lines.size() - 1)) {
        opened.read(line);
      }
    }
    return opened;
  }

  private void read(String line) throws IOException {
    String[] parts = line.split(" ", -1);
    try {
      List<OctetString> ids = new ArrayList<>();
      if (parts.length < 3) {
        throw new IllegalArgumentException("a line is too short");
      }
      for (int i = 2; i < parts.length; i++) {
        ids.add(octets(parts[i]));
      }
      OctetString floor = parts[1].equals(NONE) ? OctetString.EMPTY : octets(parts[1]);
      window.restore(octets(parts[0]), floor, ids);
    } catch (IllegalArgumentException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private IOException damaged(String what, @Nullable Exception cause) {
    return new IOException(
        file
            + " is damaged ("
            + what
            + "): restore it, or have the meter's operators replaced; without it commands could"
            + " come again",
        cause);
  }

  private static OctetString octets(String hex) {
    return OctetString.of(HEX.parseHex(hex));
  }

  @Override
  public synchronized boolean use(OctetString originator, OctetString transaction) {
    if (!window.use(originator, transaction)) {
      return false;
    }
    try {
      write();
      return true;
    } catch (IOException e) {
      window.forget(originator, transaction);
      throw new UncheckedIOException(file + " cannot be written; nothing is done", e);
    }
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>();
    window.each((originator, floor, ids) ->
        lines.add(
            hex(originator)
                + " "
                + (floor.length() == 0 ? NONE : hex(floor))
                + ids.stream().map(id -> " " + hex(id)).collect(Collectors.joining())
                + "\n"));
    lines.add(END + "\n");
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          ByteBuffer.wrap(String.join("", lines).getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(
            java.util.Objects.requireNonNull(file.getParent()), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static String hex(OctetString octets) {
    return HEX.formatHex(octets.bytes());
  }
}
