package org.gridwarden.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The data folder, held by one process at a time. The system lets go when the process dies. */
final class DataFolder implements AutoCloseable {
  private final FileChannel channel;

  private DataFolder(FileChannel channel) {
    this.channel = channel;
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
        return new DataFolder(channel);
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
