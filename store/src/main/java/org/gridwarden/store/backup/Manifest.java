package org.gridwarden.store.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.gridwarden.security.backup.BackupException;

/**
 * Which files a snapshot holds, and of which chunks they are made. It is enciphered where it lies.
 */
record Manifest(List<Entry> entries) {
  private static final int MOST_ENTRIES = 20_000_000;

  Manifest {
    entries = List.copyOf(entries);
  }

  /**
   * A file or folder.
   *
   * @param path within the data folder, with {@code /}
   * @param folder whether it is one
   * @param size in bytes
   * @param chunks places in the snapshot's list of chunks
   */
  @SuppressWarnings("ArrayRecordComponent") // ours alone, never changed
  record Entry(String path, boolean folder, long size, int[] chunks) {}

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeInt(entries.size());
      for (Entry entry : entries) {
        out.writeUTF(entry.path());
        out.writeBoolean(entry.folder());
        out.writeLong(entry.size());
        out.writeInt(entry.chunks().length);
        for (int chunk : entry.chunks()) {
          out.writeInt(chunk);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @param known how many chunks the snapshot names
   */
  static Manifest decode(byte[] encoded, int known) throws BackupException {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(encoded)))) {
      int count = in.readInt();
      if (count < 0 || count > MOST_ENTRIES) {
        throw new BackupException("its list of files is damaged");
      }
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String path = in.readUTF();
        boolean folder = in.readBoolean();
        long size = in.readLong();
        int chunks = in.readInt();
        // what is to come is counted by what came: nothing is allocated for a mere number
        if (chunks < 0 || chunks > size || size < 0 || !inside(path)) {
          throw new BackupException("its list of files is damaged");
        }
        java.util.stream.IntStream.Builder places = java.util.stream.IntStream.builder();
        for (int n = 0; n < chunks; n++) {
          int place = in.readInt();
          if (place < 0 || place >= known) {
            throw new BackupException("its list of files names a chunk that it does not list");
          }
          places.add(place);
        }
        entries.add(new Entry(path, folder, size, places.build().toArray()));
      }
      return new Manifest(entries);
    } catch (IOException e) {
      throw new BackupException("its list of files is damaged", e);
    }
  }

  /** No path leads out of the folder that is restored into. */
  static boolean inside(String path) {
    if (path.isEmpty() || path.startsWith("/") || path.indexOf('\0') >= 0) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
