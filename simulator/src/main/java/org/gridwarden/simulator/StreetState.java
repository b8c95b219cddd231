package org.gridwarden.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;

/**
 * What a street must remember to go on after a restart: its secret and the counters' ceiling. In a
 * file for its owner only, replaced whole and forced to the disk. Thread-safe.
 */
final class StreetState {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Optional<Path> file;
  private final StreetSecret secret;
  private long ceiling;

  private StreetState(Optional<Path> file, StreetSecret secret, long ceiling) {
    this.file = file;
    this.secret = secret;
    this.ceiling = ceiling;
  }

  /**
   * Reads the file where it is there; else begins a new state, with the seed's secret or a random
   * one, and keeps it at once: a street that is only shipped comes back with the same keys.
   *
   * @throws IOException where the file cannot be read, or belongs to another seed
   */
  static StreetState open(Optional<Path> file, OptionalLong seed) throws IOException {
    StreetSecret secret = StreetSecret.of(seed);
    if (file.isEmpty() || !Files.exists(file.get())) {
      StreetState fresh = new StreetState(file, secret, 0);
      fresh.keep(0);
      return fresh;
    }
    Properties kept = new Properties();
    try (BufferedReader in = Files.newBufferedReader(file.get())) {
      kept.load(in);
    }
    try {
      StreetSecret before =
          StreetSecret.of(HexFormat.of().parseHex(kept.getProperty("secret", "")));
      if (seed.isPresent() && !before.equals(secret)) {
        throw new IOException(
            file.get() + " belongs to a street with another seed; name another state file");
      }
      return new StreetState(file, before, Long.parseLong(kept.getProperty("ceiling", "")));
    } catch (IllegalArgumentException e) {
      throw new IOException(file.get() + " is no street's state; name another file", e);
    }
  }

  StreetSecret secret() {
    return secret;
  }

  synchronized long ceiling() {
    return ceiling;
  }

  /** Keeps a new ceiling: on the disk before this returns. */
  synchronized void keep(long newCeiling) throws IOException {
    if (file.isPresent()) {
      write(file.get(), newCeiling);
    }
    ceiling = newCeiling;
  }

  private void write(Path to, long newCeiling) throws IOException {
    byte[] bytes = secret.copy();
    String text =
        "# a simulated street's secret and its counters' ceiling: keep it to yourself\nsecret="
            + HexFormat.of().formatHex(bytes)
            + "\nceiling="
            + newCeiling
            + "\n";
    Arrays.fill(bytes, (byte) 0);
    Path fresh = to.resolveSibling(to.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, OWNER_ONLY);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
