package org.gridwarden.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.gridwarden.security.SecretFiles;

/**
 * The data folder: open to its owner only, and held by one server at a time. The system lets go of
 * it when the process dies.
 */
final class ServerFolder implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private ServerFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * @throws ServerException where it cannot be written, or another server holds it
   */
  static ServerFolder hold(Path path) {
    FileChannel channel;
    try {
      SecretFiles.folder(path);
      channel =
          FileChannel.open(
              path.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new ServerException(
          "data folder "
              + path
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + "): set data to another, or give this user the right",
          e);
    }
    if (!locked(path, channel)) {
      closeQuietly(channel);
      throw new ServerException(
          "data folder "
              + path
              + " is in use by another gridwarden: stop that one, or set data to another folder");
    }
    return new ServerFolder(path, channel);
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /** Takes away what tells others of a running server, and lets go. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path.resolve("server.json"));
      Files.deleteIfExists(path.resolve("cli-token"));
    } catch (IOException e) {
      // the next start writes them anew
    }
    closeQuietly(channel);
  }

  private static boolean locked(Path path, FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held within this process
    } catch (IOException e) {
      closeQuietly(channel);
      throw new ServerException("data folder " + path + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was written to it
    }
  }
}
