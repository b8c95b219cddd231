package org.gridwarden.server.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.gridwarden.security.SecretFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that users exchange with the office over SFTP: what they put into {@code in} as {@code
 * *.csv} is taken in as a shipment of meters, as {@code readings-*} as readings; what they asked
 * for lies in {@code out}. Thread-safe.
 */
final class Exchange implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Path folder;
  private final SshSettings settings;
  private final Sessions sessions;
  private final InTray inTray;
  private final SftpSubsystemFactory subsystem;
  private final Map<String, UserFolder> users = new ConcurrentHashMap<>();

  private Exchange(Path folder, SshSettings settings, Gate gate, Desk desk, Sessions sessions) {
    this.folder = folder;
    this.settings = settings;
    this.sessions = sessions;
    this.inTray = new InTray(gate, desk);
    this.subsystem = new SftpSubsystemFactory.Builder().build();
    ExchangeAccess access = new ExchangeAccess(this, gate);
    subsystem.setFileSystemAccessor(access);
    subsystem.addSftpEventListener(access.listener());
  }

  static Exchange open(Path folder, SshSettings settings, Gate gate, Desk desk, Sessions sessions)
      throws IOException {
    SecretFiles.folder(folder);
    return new Exchange(folder, settings, gate, desk, sessions);
  }

  /** Version 3, as OpenSSH speaks it; of its extensions those that a client needs. */
  void limit(SshServer server) {
    SftpModuleProperties.SFTP_VERSION.set(server, 3);
    SftpModuleProperties.CLIENT_EXTENSIONS.set(server, "");
    SftpModuleProperties.MAX_OPEN_HANDLES_PER_SESSION.set(server, 16);
  }

  SubsystemFactory subsystem() {
    return subsystem;
  }

  /** What a session sees as its root. */
  FileSystemFactory fileSystems() {
    return new VirtualFileSystemFactory() {
      @Override
      public Path getUserHomeDir(SessionContext session) {
        return of(session.getUsername()).root();
      }
    };
  }

  Sessions sessions() {
    return sessions;
  }

  InTray inTray() {
    return inTray;
  }

  OutTray outTray(String user) {
    return of(user);
  }

  /** A user's folders. */
  UserFolder of(String user) {
    return users.computeIfAbsent(
        user.toLowerCase(Locale.ROOT),
        name -> {
          try {
            return UserFolder.open(folder.resolve(name), settings);
          } catch (IOException e) {
            throw new UncheckedIOException("exchange folders of " + name, e);
          }
        });
  }

  /** Takes in what was whole when the server stopped. */
  void resume() {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
      for (Path root : folders) {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        UserFolder user = of(String.valueOf(root.getFileName()));
        for (String name : user.names(ExchangeName.IN)) {
          ExchangeName place = new ExchangeName(ExchangeName.IN, name);
          if (place.isTakenIn() && !Files.exists(user.real(InTray.result(place)))) {
            sessions
                .lease(String.valueOf(root.getFileName()))
                .ifPresent(lease -> inTray.take(lease, user, place));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("files that were exchanged could not all be looked at; they stay", e);
    }
  }

  @Override
  public void close() {
    inTray.close();
  }
}
