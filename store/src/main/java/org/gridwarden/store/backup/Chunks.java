package org.gridwarden.store.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.RunKey;

/** Chunks and how they are packed: compressed, then enciphered, bound to their names. */
final class Chunks {
  /** A chunk's plain size, but for a file's last: sixteen pages of PostgreSQL. */
  static final int SIZE = 128 << 10;

  private Chunks() {}

  static byte[] pack(RunKey key, ChunkName name, byte[] plain) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
      byte[] buffer = new byte[16 << 10];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return key.seal(name.bytes(), out.toByteArray());
    } finally {
      deflater.end();
    }
  }

  /** Opens chunks; keeps the runs' keys that it has opened. Not thread-safe. */
  static final class Reader {
    private final Repository repository;
    private final BackupKey key;
    private final Map<String, RunKey> runs = new HashMap<>();

    Reader(Repository repository, BackupKey key) {
      this.repository = repository;
      this.key = key;
    }

    /** The content of a chunk, which is what its name says. */
    byte[] open(ChunkName name) throws IOException, BackupException {
      byte[] sealed = repository.chunkBytes(name);
      byte[] plain = inflate(run(RunKey.runOf(sealed)).open(name.bytes(), sealed));
      if (!new ChunkName(key.recipient().name(plain)).equals(name)) {
        throw new BackupException("its content is not what its name says");
      }
      return plain;
    }

    RunKey run(String id) throws IOException, BackupException {
      RunKey known = runs.get(id);
      if (known == null) {
        if (id.length() != 2 * RunKey.ID_BYTES) {
          throw new BackupException("it is damaged: it is too short");
        }
        byte[] wrapped;
        try {
          wrapped = repository.run(id);
        } catch (BackupException e) {
          throw new BackupException("it is damaged, or the key of its run is: " + e.getMessage());
        }
        known = key.run(HexFormat.of().parseHex(id), wrapped);
        runs.put(id, known);
      }
      return known;
    }

    private static byte[] inflate(byte[] packed) throws BackupException {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(packed);
        byte[] plain = new byte[SIZE + 1]; // one more: the end is noticed only with room left
        int length = 0;
        while (!inflater.finished()) {
          int got = inflater.inflate(plain, length, plain.length - length);
          length += got;
          if (got == 0 && !inflater.finished()) {
            throw new BackupException("its content is longer than a chunk, or cut off");
          }
        }
        return Arrays.copyOf(plain, length);
      } catch (DataFormatException e) {
        throw new BackupException("its content is not compressed as it must be", e);
      } finally {
        inflater.end();
      }
    }
  }
}
