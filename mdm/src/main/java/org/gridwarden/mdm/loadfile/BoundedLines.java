package org.gridwarden.mdm.loadfile;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, none longer than a bound, so that a file without line ends is safe.
 */
public final class BoundedLines implements Closeable {
  private static final int LONGEST = 4096;

  private final BufferedReader in;
  private final StringBuilder line = new StringBuilder(128);
  private long number;

  /** Those of a file, in UTF-8. */
  public BoundedLines(Path file) throws IOException {
    this(
        new InputStreamReader(
            Files.newInputStream(file),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)));
  }

  /** Those of a text. */
  public BoundedLines(Reader text) {
    in = new BufferedReader(text, 1 << 16);
  }

  /** The number of the line that was read last, from 1. */
  public long number() {
    return number;
  }

  /**
   * The next line; null at the end.
   *
   * @throws LoadFileException where it is too long
   */
  public @Nullable String next() throws IOException, LoadFileException {
    line.setLength(0);
    int c = in.read();
    if (c < 0) {
      return null;
    }
    number++;
    while (c >= 0 && c != '\n') {
      if (line.length() >= LONGEST) {
        throw new LoadFileException(
            "line " + number + " is longer than " + LONGEST + " characters; is this a CSV file?");
      }
      line.append((char) c);
      c = in.read();
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
