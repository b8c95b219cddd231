package org.gridwarden.security.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gridwarden.security.SecretFiles;

/**
 * Public keys of operators in a folder, a PEM file each, called by its key's id: whose orders are
 * obeyed. What is put there is trusted from then on, what is taken away no longer; who may write
 * the folder decides. Thread-safe.
 */
public final class TrustFolder implements Function<byte[], Optional<PublicKey>> {
  /** So many keys are told at most. */
  public static final int MOST = 256;

  private static final int LONGEST = 2_048;
  private static final String SUFFIX = ".pem";

  private final Path folder;

  /**
   * @param folder need not be there yet
   */
  public TrustFolder(Path folder) {
    this.folder = folder;
  }

  /** The key with an id; empty where it is not trusted, or its file is not what its name says. */
  @Override
  public Optional<PublicKey> apply(byte[] keyId) {
    if (keyId.length != Signed.KEY_ID) {
      return Optional.empty();
    }
    Path file = file(keyId);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
        return Optional.empty();
      }
      PublicKey key = P256.publicKey(Files.readString(file, StandardCharsets.US_ASCII));
      return Arrays.equals(Signed.keyId(key), keyId) ? Optional.of(key) : Optional.empty();
    } catch (IOException | CommandException e) {
      return Optional.empty();
    }
  }

  /** The ids of the keys that are trusted, sorted, at most {@link #MOST}. */
  public List<byte[]> ids() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{16}\\.pem"))
          .sorted()
          .limit(MOST)
          .map(name -> HexFormat.of().parseHex(name.substring(0, 2 * Signed.KEY_ID)))
          .filter(id -> apply(id).isPresent())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Trusts a key.
   *
   * @throws IOException where the folder cannot be made or written
   */
  public void put(PublicKey key) throws IOException {
    SecretFiles.folder(folder);
    SecretFiles.write(file(Signed.keyId(key)), P256.pem(key).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Trusts a key no longer.
   *
   * @throws IOException where the folder cannot be written
   */
  public void remove(byte[] keyId) throws IOException {
    Files.deleteIfExists(file(keyId));
  }

  private Path file(byte[] keyId) {
    return folder.resolve(HexFormat.of().formatHex(keyId) + SUFFIX);
  }
}
