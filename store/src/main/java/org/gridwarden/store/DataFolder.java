package org.gridwarden.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** The data folder, held by one process at a time. The system lets go when the process dies. */
final class DataFolder implements AutoCloseable {
  private static final String ID = "store.id";

  private final FileChannel channel;
  private final UUID id;

  private DataFolder(FileChannel channel, UUID id) {
    this.channel = channel;
    this.id = id;
  }

  /** Made with the folder. */
  UUID id() {
    return id;
  }

  /** Of a folder that is held, so that nobody else makes one meanwhile. */
  private static UUID id(Path data) throws IOException {
    Path file = data.resolve(ID);
    if (Files.exists(file)) {
      try {
        return UUID.fromString(Files.readString(file).strip());
      } catch (IllegalArgumentException e) {
        // torn as it was written: nobody holds anything by it
      }
    }
    UUID fresh = UUID.randomUUID();
    Files.writeString(file, fresh + "\n");
    return fresh;
  }

  static DataFolder hold(Path data) {
    FileChannel channel;
    try {
      Files.createDirectories(data);
      channel =
          FileChannel.open(
              data.resolve("store.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw StoreException.at(
          "data folder " + data,
          "cannot be written; choose another or give this user the right",
          e);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DataFolder(channel, id(data));
      }
    } catch (OverlappingFileLockException e) {
      // held within this process: refused like any other holder
    } catch (IOException e) {
      throw StoreException.at("data folder " + data, "cannot be locked: " + e.getMessage(), e);
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw StoreException.at("data folder " + data, "cannot be closed: " + e.getMessage(), e);
    }
    throw StoreException.at(
        "data folder " + data,
        "another gridwarden uses it; stop that one or choose another folder");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw StoreException.at("data folder", "its lock cannot be released: " + e.getMessage(), e);
    }
  }
}
