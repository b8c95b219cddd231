package org.gridwarden.store.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;

/**
 * A snapshot as it lies in the repository: in the clear what is needed to list and prune (its
 * header, the names of its chunks), then the enciphered manifest, then a MAC over all of it.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record SnapshotFile(SnapshotHeader header, List<ChunkName> chunks, byte[] manifest) {
  static final String MAGIC = "GRIDWARDEN-SNAPSHOT-1\n";
  private static final int MAC_BYTES = 32;

  SnapshotFile {
    chunks = List.copyOf(chunks);
  }

  byte[] encode(BackupRecipient recipient) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(MAGIC.getBytes(StandardCharsets.US_ASCII));
      out.writeUTF(header.name());
      out.writeUTF(header.run());
      out.writeUTF(header.recipient());
      instant(out, header.begun());
      instant(out, header.ended());
      out.writeUTF(header.database().name());
      out.writeUTF(header.epoch());
      out.writeUTF(header.schema());
      out.writeLong(header.files());
      out.writeLong(header.bytes());
      out.writeLong(header.newChunks());
      out.writeLong(header.newBytes());
      out.writeLong(header.damages());
      out.writeInt(chunks.size());
      for (ChunkName chunk : chunks) {
        out.write(chunk.bytes());
      }
      out.writeInt(manifest.length);
      out.write(manifest);
      byte[] content = bytes.toByteArray();
      out.write(recipient.vouch(content, content.length));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one, and believes it.
   *
   * @throws BackupException where it is not laid out as one
   */
  static SnapshotFile decode(byte[] bytes) throws BackupException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte[] magic = in.readNBytes(MAGIC.length());
      if (!Arrays.equals(magic, MAGIC.getBytes(StandardCharsets.US_ASCII))) {
        throw new BackupException("it is no snapshot of this version");
      }
      SnapshotHeader header =
          new SnapshotHeader(
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              instant(in),
              instant(in),
              SnapshotHeader.Database.valueOf(in.readUTF()),
              in.readUTF(),
              in.readUTF(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong());
      int count = in.readInt();
      if (count < 0 || count > in.available() / ChunkName.BYTES) {
        throw new BackupException("it is damaged: it names more chunks than it is long");
      }
      ChunkName[] chunks = new ChunkName[count];
      for (int i = 0; i < count; i++) {
        chunks[i] = new ChunkName(in.readNBytes(ChunkName.BYTES));
      }
      int length = in.readInt();
      if (length < 0 || length != in.available() - MAC_BYTES) {
        throw new BackupException("it is damaged: it has not the length that it says");
      }
      return new SnapshotFile(header, List.of(chunks), in.readNBytes(length));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new BackupException("it is damaged: it is not laid out as a snapshot", e);
    }
  }

  /**
   * Reads one whose MAC holds.
   *
   * @throws BackupException where a bit is another, or it was written for another key
   */
  static SnapshotFile open(byte[] bytes, BackupRecipient recipient) throws BackupException {
    int length = bytes.length - MAC_BYTES;
    if (length < 0
        || !MessageDigest.isEqual(
            recipient.vouch(bytes, length), Arrays.copyOfRange(bytes, length, bytes.length))) {
      throw new BackupException("it is damaged, or was not written for the key " + recipient.id());
    }
    return decode(bytes);
  }

  private static void instant(DataOutputStream out, Instant at) throws IOException {
    out.writeLong(at.getEpochSecond());
    out.writeInt(at.getNano());
  }

  private static Instant instant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
