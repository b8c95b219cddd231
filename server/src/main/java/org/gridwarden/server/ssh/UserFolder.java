package org.gridwarden.server.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.gridwarden.security.SecretFiles;

/**
 * One user's folders on the disk: {@code in}, {@code out}, and a hidden one for what is not whole
 * yet. Links are never followed: what is not a plain file in a plain folder is not there.
 * Thread-safe.
 */
final class UserFolder implements OutTray {
  private static final String HALF = ".half";

  private final Path root;
  private final SshSettings settings;

  /** What files that are being written will add, bytes. */
  private long growing;

  private int growingFiles;

  private UserFolder(Path root, SshSettings settings) {
    this.root = root;
    this.settings = settings;
  }

  /** Makes the folders where they are missing, and clears what never became whole. */
  static UserFolder open(Path root, SshSettings settings) throws IOException {
    for (Path folder :
        List.of(
            root,
            root.resolve(ExchangeName.IN),
            root.resolve(ExchangeName.OUT),
            root.resolve(HALF))) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isFolder(folder)) {
        throw new IOException(folder + " is no folder: move it away");
      }
      SecretFiles.folder(folder);
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root.resolve(HALF))) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    return new UserFolder(root, settings);
  }

  Path root() {
    return root;
  }

  /**
   * Where a place is on the disk.
   *
   * @throws NoSuchFileException where a link or something else stands in its way
   */
  Path real(ExchangeName name) throws NoSuchFileException {
    Path folder = name.folder().isEmpty() ? root : root.resolve(name.folder());
    if (!isFolder(folder)) {
      throw new NoSuchFileException(name.path());
    }
    Path place = name.isFolder() ? folder : folder.resolve(name.file());
    if (Files.isSymbolicLink(place)) {
      throw new NoSuchFileException(name.path());
    }
    return place;
  }

  /** The plain files of a folder, by name. */
  List<String> names(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    Path real = real(new ExchangeName(folder, ""));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(real)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (ExchangeName.isFile(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }

  SeekableByteChannel read(ExchangeName name) throws IOException {
    Path file = real(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(name.path());
    }
    return Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** A file that will be there once it is whole. */
  Half begin(ExchangeName name) throws IOException {
    Path target = real(name);
    synchronized (this) {
      if (files() + growingFiles >= settings.files()) {
        throw new AccessDeniedException(
            name.path(), null, "there are " + settings.files() + " files: remove some");
      }
      growingFiles++;
    }
    Path half = root.resolve(HALF).resolve(UUID.randomUUID().toString());
    return new Half(this, half, target);
  }

  /**
   * Asks for room.
   *
   * @throws AccessDeniedException where the file or the folders would hold too much
   */
  synchronized void grow(long size, long by) throws IOException {
    if (size > settings.file()) {
      throw new AccessDeniedException(
          "", null, "a file has at most " + settings.file() + " bytes: divide it");
    }
    if (bytes() + growing + by > settings.quota()) {
      throw new AccessDeniedException(
          "", null, "the folders hold at most " + settings.quota() + " bytes: remove files");
    }
    growing += by;
  }

  synchronized void grown(long by) {
    growing -= by;
    growingFiles--;
  }

  @Override
  public void put(String name, InputStream content) throws IOException {
    if (!ExchangeName.isFile(name)) {
      throw new IOException("a file's name is letters, digits and . _ -, not " + name);
    }
    put(new ExchangeName(ExchangeName.OUT, name), content);
  }

  void put(ExchangeName name, InputStream content) throws IOException {
    try (Half half = begin(name);
        OutputStream to = java.nio.channels.Channels.newOutputStream(half)) {
      content.transferTo(to);
      half.whole();
    } catch (AccessDeniedException e) {
      throw new IOException(String.valueOf(e.getReason()), e);
    }
  }

  void remove(ExchangeName name) throws IOException {
    Files.delete(real(name));
  }

  void rename(ExchangeName from, ExchangeName to, boolean replace) throws IOException {
    Path target = real(to);
    if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new java.nio.file.FileAlreadyExistsException(to.path());
    }
    Files.move(real(from), target, StandardCopyOption.ATOMIC_MOVE);
  }

  private int files() throws IOException {
    return names(ExchangeName.IN).size() + names(ExchangeName.OUT).size();
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (String folder : List.of(ExchangeName.IN, ExchangeName.OUT)) {
      for (String name : names(folder)) {
        try {
          bytes += Files.size(real(new ExchangeName(folder, name)));
        } catch (NoSuchFileException e) {
          // removed meanwhile
        }
      }
    }
    return bytes;
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String toString() {
    return "UserFolder[" + root.getFileName() + "]";
  }
}
