package org.gridwarden.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.SecretFiles;

/** Starts the server: the data folder, keys, database, intake, channels, and HTTP last. */
public final class GridwardenServer {
  private GridwardenServer() {}

  /**
   * Starts everything that the configuration asks for.
   *
   * @return when all of it answers
   * @throws ServerException in one line that names the remedy; nothing is left running then
   */
  public static RunningServer start(GridwardenConfig config) {
    Stack stack = new Stack();
    try {
      InstantSource clock = InstantSource.system();
      needFree(config);
      ServerFolder folder = stack.push(ServerFolder.hold(config.data()));
      Optional<ServerCertificate> certificate =
          config.console().plaintext()
              ? Optional.empty()
              : Optional.of(
                  ServerCertificate.of(config.console().tls(), folder.resolve("console"), clock));
      Accounts accounts =
          new Accounts(
              new MemoryUserBook(), new Pbkdf2Hashing(), new LoginLimits(System::nanoTime), clock);
      FirstAdministrator first = new FirstAdministrator(folder.path());
      Optional<String> password = first.make(accounts);
      CliToken token = new CliToken();
      WebServer web =
          stack.push(
              WebServer.start(
                  config,
                  certificate,
                  folder.resolve("console"),
                  List.of(config, accounts, first, token)));
      SecretFiles.write(folder.resolve("cli-token"), token.forFile());
      return new Running(stack, url(config, web.port()), password, certificate, folder.path());
    } catch (IOException e) {
      stack.close();
      throw new ServerException(String.valueOf(e.getMessage()), e);
    } catch (Throwable e) {
      stack.close();
      throw e;
    }
  }

  /** Asks early, before the database starts; the listener itself asks again. */
  private static void needFree(GridwardenConfig config) {
    int port = config.console().port();
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(config.console().bind(), port));
    } catch (IOException e) {
      throw new ServerException(WebServer.taken(config), e);
    }
  }

  private static URI url(GridwardenConfig config, int port) {
    InetAddress bind = config.console().bind();
    String host =
        bind.isAnyLocalAddress() || bind.isLoopbackAddress() && bind.getAddress().length == 4
            ? "localhost"
            : bind.getHostAddress();
    String scheme = config.console().plaintext() ? "http" : "https";
    return URI.create(
        scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
  }

  private record Running(
      Stack stack,
      URI url,
      Optional<String> adminPassword,
      Optional<ServerCertificate> certificate,
      Path data)
      implements RunningServer {
    @Override
    public Optional<String> certificateFingerprint() {
      return certificate.map(ServerCertificate::fingerprint);
    }

    @Override
    public int dlmsTcpPort() {
      return 0;
    }

    @Override
    public int dlmsUdpPort() {
      return 0;
    }

    @Override
    public void close() {
      stack.close();
    }

    @Override
    public String toString() {
      return "RunningServer[" + url + "]";
    }
  }
}
