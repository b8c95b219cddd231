package org.gridwarden.server.ssh;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.security.Principal;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.AbstractSftpEventListenerAdapter;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.jspecify.annotations.NullUnmarked;

/**
 * What a client of SFTP may do: read what lies in its folders, put files into {@code in}, rename
 * them there, remove. Every path is one of {@link ExchangeName}'s; no link is made or followed, no
 * folder made, no right changed.
 */
@NullUnmarked // the library hands over null where there is nothing
final class ExchangeAccess implements SftpFileSystemAccessor {
  /** What OpenSSH's client uses of the extensions; none of them names a second place to copy to. */
  private static final Set<String> EXTENSIONS =
      Set.of("posix-rename@openssh.com", "fsync@openssh.com", "limits@openssh.com");

  private final Exchange exchange;
  private final Gate gate;

  ExchangeAccess(Exchange exchange, Gate gate) {
    this.exchange = exchange;
    this.gate = gate;
  }

  @Override
  public Path resolveLocalFilePath(SftpSubsystemProxy subsystem, Path root, String remote)
      throws IOException {
    return root.getFileSystem().getPath(name(remote).path());
  }

  @Override
  public LinkOption[] resolveFileAccessLinkOptions(
      SftpSubsystemProxy subsystem, Path file, int cmd, String extension, boolean follow) {
    return new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  @Override
  public SeekableByteChannel openFile(
      SftpSubsystemProxy subsystem,
      FileHandle handle,
      Path file,
      String remoteHandle,
      Set<? extends OpenOption> options,
      FileAttribute<?>... attributes)
      throws IOException {
    ExchangeName name = name(file.toString());
    UserFolder folder = folder(subsystem);
    if (handle == null || name.isFolder()) {
      throw denied(name, "not a file that was opened");
    }
    if (!options.contains(StandardOpenOption.WRITE)) {
      SeekableByteChannel channel = folder.read(name);
      note(subsystem, "sftp.get", name.path());
      return channel;
    }
    if (!name.isForClients()) {
      throw denied(name, "files are put into /in");
    }
    boolean exists = Files.exists(folder.real(name), LinkOption.NOFOLLOW_LINKS);
    if (exists && !options.contains(StandardOpenOption.TRUNCATE_EXISTING)
        || !exists && !creates(options)) {
      throw denied(name, "a file is put as a whole");
    }
    note(subsystem, "sftp.put", name.path());
    return folder.begin(name);
  }

  private static boolean creates(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.CREATE)
        || options.contains(StandardOpenOption.CREATE_NEW);
  }

  @Override
  public void closeFile(
      SftpSubsystemProxy subsystem,
      FileHandle handle,
      Path file,
      String remoteHandle,
      Channel channel,
      Set<? extends OpenOption> options)
      throws IOException {
    if (channel == null) {
      return;
    }
    channel.close();
    if (channel instanceof Half half && half.placed()) {
      takeIn(subsystem, name(file.toString()));
    }
  }

  private void takeIn(SftpSubsystemProxy subsystem, ExchangeName name) throws IOException {
    if (name.isTakenIn()) {
      UserFolder folder = folder(subsystem);
      // what was said of another file of this name is no longer so
      Files.deleteIfExists(folder.real(InTray.result(name)));
      exchange.inTray().take(exchange.sessions().lease(subsystem.getServerSession()), folder, name);
    }
  }

  @Override
  public void syncFileData(
      SftpSubsystemProxy subsystem, FileHandle handle, Path file, String remote, Channel channel)
      throws IOException {
    if (channel instanceof Half half) {
      half.force();
    }
  }

  @Override
  public FileLock tryLock(
      SftpSubsystemProxy subsystem,
      FileHandle handle,
      Path file,
      String remoteHandle,
      Channel channel,
      long position,
      long size,
      boolean shared) {
    throw new UnsupportedOperationException("files are not locked");
  }

  @Override
  public DirectoryStream<Path> openDirectory(
      SftpSubsystemProxy subsystem,
      DirectoryHandle handle,
      Path directory,
      String remoteHandle,
      LinkOption... options)
      throws IOException {
    ExchangeName name = name(directory.toString());
    if (!name.isFolder()) {
      throw new NoSuchFileException(name.path());
    }
    List<String> names =
        name.folder().isEmpty()
            ? List.of(ExchangeName.IN, ExchangeName.OUT)
            : folder(subsystem).names(name.folder());
    List<Path> paths = names.stream().map(directory::resolve).toList();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return paths.iterator();
      }

      @Override
      public void close() {
        // nothing was opened
      }
    };
  }

  @Override
  public Map<String, ?> readFileAttributes(
      SftpSubsystemProxy subsystem, Path file, String view, LinkOption... options)
      throws IOException {
    return Files.readAttributes(
        folder(subsystem).real(name(file.toString())), view, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void removeFile(SftpSubsystemProxy subsystem, Path path, boolean isDirectory)
      throws IOException {
    ExchangeName name = name(path.toString());
    if (name.isFolder() || isDirectory) {
      throw denied(name, "folders stay");
    }
    note(subsystem, "sftp.remove", name.path());
    folder(subsystem).remove(name);
  }

  @Override
  public void renameFile(
      SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options)
      throws IOException {
    ExchangeName old = name(from.toString());
    ExchangeName fresh = name(to.toString());
    if (!old.isForClients() || !fresh.isForClients()) {
      throw denied(fresh, "files are renamed within /in");
    }
    note(subsystem, "sftp.rename", old.path() + " " + fresh.path());
    boolean replace = options != null && options.contains(StandardCopyOption.REPLACE_EXISTING);
    folder(subsystem).rename(old, fresh, replace);
    takeIn(subsystem, fresh);
  }

  @Override
  public void createDirectory(SftpSubsystemProxy subsystem, Path path) throws IOException {
    throw denied(name(path.toString()), "there are no other folders");
  }

  @Override
  public void createLink(SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
      throws IOException {
    throw denied(name(link.toString()), "there are no links");
  }

  @Override
  public String resolveLinkTarget(SftpSubsystemProxy subsystem, Path link) throws IOException {
    throw new NoSuchFileException(link.toString());
  }

  @Override
  public void copyFile(
      SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options)
      throws IOException {
    throw denied(name(to.toString()), "files are put, not copied");
  }

  // owners, rights and times are the server's: clients may say them, and nothing happens

  @Override
  public void setFileAttribute(
      SftpSubsystemProxy subsystem,
      Path file,
      String view,
      String attribute,
      Object value,
      LinkOption... options) {}

  @Override
  public void setFileOwner(
      SftpSubsystemProxy subsystem, Path file, Principal value, LinkOption... options) {}

  @Override
  public void setGroupOwner(
      SftpSubsystemProxy subsystem, Path file, Principal value, LinkOption... options) {}

  @Override
  public void setFilePermissions(
      SftpSubsystemProxy subsystem,
      Path file,
      Set<PosixFilePermission> permissions,
      LinkOption... options) {}

  @Override
  public void setFileAccessControl(
      SftpSubsystemProxy subsystem, Path file, List<AclEntry> acl, LinkOption... options) {}

  /** Tells a client's own close from a broken connection's, and refuses what is not needed. */
  SftpEventListener listener() {
    return new AbstractSftpEventListenerAdapter() {
      @Override
      public void closing(ServerSession session, String remoteHandle, Handle handle) {
        if (handle instanceof FileHandle file && file.getFileChannel() instanceof Half half) {
          half.whole();
        }
      }

      @Override
      public void receivedExtension(ServerSession session, String extension, int id)
          throws IOException {
        if (!EXTENSIONS.contains(extension)) {
          throw new UnsupportedOperationException(extension);
        }
      }
    };
  }

  private UserFolder folder(SftpSubsystemProxy subsystem) {
    return exchange.of(exchange.sessions().caller(subsystem.getServerSession()).user());
  }

  private void note(SftpSubsystemProxy subsystem, String action, String detail) {
    gate.note(exchange.sessions().caller(subsystem.getServerSession()).user(), action, detail);
  }

  private static ExchangeName name(String path) throws NoSuchFileException {
    return ExchangeName.of(path).orElseThrow(() -> new NoSuchFileException(path));
  }

  private static AccessDeniedException denied(ExchangeName name, String why) {
    return new AccessDeniedException(name.path(), null, why);
  }
}
