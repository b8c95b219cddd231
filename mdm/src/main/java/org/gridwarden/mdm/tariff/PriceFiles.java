package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files of prices are that a tariff names. */
public interface PriceFiles {
  /** There are none. */
  PriceFiles NONE = (file, sha256) -> Optional.empty();

  /**
   * A file's bytes; empty where it is not there. Whoever asks holds them against the hash.
   *
   * @param file what the tariff calls it: letters, digits, '.', '_' and '-', and no folder
   * @param sha256 its hash, 32 bytes
   * @throws IOException where it is there and cannot be read
   */
  Optional<byte[]> find(String file, byte[] sha256) throws IOException;

  /** Those in a folder, by their names. */
  static PriceFiles in(Path folder) {
    return (file, sha256) -> {
      Path there = folder.resolve(file);
      if (!Files.isRegularFile(there)) {
        return Optional.empty();
      }
      if (Files.size(there) > PriceCsv.LONGEST) {
        throw new IOException(there + " is longer than " + (PriceCsv.LONGEST >> 20) + " MiB");
      }
      return Optional.of(Files.readAllBytes(there));
    };
  }
}
