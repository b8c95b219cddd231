package org.gridwarden.server.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.BuiltinFactory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.file.nonefs.NoneFileSystemFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for SSH. Public keys, and then the code of a second factor of those who have one; no
 * password, no certificate. Nothing is forwarded, neither ports nor agents nor displays; there is
 * no shell of the machine behind it, and its environment is not the client's to set. Thread-safe.
 */
public final class SshDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);

  /** Somebody must find the device that shows the code. */
  private static final Duration LOGIN = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofSeconds(2);

  /** A client may carry several keys, and offers one after another. */
  private static final int KEYS_TRIED = 6;

  private static final int CHANNELS = 4;

  private final SshServer server;
  private final Optional<Exchange> exchange;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("ssh sessions").daemon().unstarted(work));

  private SshDoor(SshServer server, Optional<Exchange> exchange) {
    this.server = server;
    this.exchange = exchange;
  }

  /**
   * Opens the door.
   *
   * @param folder where users' exchange folders are
   * @throws IOException where the port is taken or the folder cannot be used
   */
  public static SshDoor open(
      SshSettings settings, Path folder, KeyPair hostKey, Gate gate, Desk desk) throws IOException {
    Sessions sessions = new Sessions(settings, gate);
    Optional<Exchange> exchange =
        settings.exchange()
            ? Optional.of(Exchange.open(folder, settings, gate, desk, sessions))
            : Optional.empty();
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost(settings.bind().getHostAddress());
    server.setPort(settings.port());
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    strong(server);
    limit(server, settings);
    server.setServiceFactories(
        List.of(TwoSteps.factory(gate), ServerConnectionServiceFactory.INSTANCE));
    server.setUserAuthFactories(
        List.of(TwoSteps.keys(), UserAuthKeyboardInteractiveFactory.INSTANCE));
    server.setPublickeyAuthenticator(sessions);
    server.setKeyboardInteractiveAuthenticator(new CodeQuestion(gate));
    server.addSessionListener(sessions);
    server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    server.setAgentFactory(null);
    server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
    server.setGlobalRequestHandlers(
        List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
    ConsoleLines lines = new ConsoleLines(gate, desk, exchange);
    server.setShellFactory(
        channel -> new ConsoleShell(lines, sessions.caller(channel.getServerSession())));
    server.setCommandFactory((channel, line) ->
        new ConsoleLine(lines, sessions.caller(channel.getServerSession()), line));
    exchange.ifPresentOrElse(
        e -> {
          e.limit(server);
          server.setFileSystemFactory(e.fileSystems());
          server.setSubsystemFactories(List.of(e.subsystem()));
        },
        () -> {
          server.setFileSystemFactory(NoneFileSystemFactory.INSTANCE);
          server.setSubsystemFactories(List.of());
        });
    try {
      server.start();
    } catch (IOException e) {
      server.close(true);
      throw new IOException(
          "port " + settings.port() + " cannot be listened on: stop what uses it or set ssh.port",
          e);
    }
    SshDoor door = new SshDoor(server, exchange);
    door.watch(sessions);
    exchange.ifPresent(Exchange::resume);
    return door;
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  private static void strong(SshServer server) {
    server.setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(
            true,
            List.of(
                BuiltinDHFactories.mlkem768x25519,
                BuiltinDHFactories.mlkem768nistp256,
                BuiltinDHFactories.curve25519,
                BuiltinDHFactories.ecdhp256,
                BuiltinDHFactories.ecdhp384),
            ServerBuilder.DH2KEX));
    server.setSignatureFactories(
        BuiltinFactory.setUpFactories(
            true, List.of(BuiltinSignatures.ed25519, BuiltinSignatures.nistp256)));
    server.setCipherFactories(
        BuiltinFactory.setUpFactories(
            false, List.of(BuiltinCiphers.aes256gcm, BuiltinCiphers.aes128gcm)));
    // GCM brings its own; these are for what is negotiated all the same
    server.setMacFactories(
        BuiltinFactory.setUpFactories(
            false, List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm)));
    server.setCompressionFactories(List.of(BuiltinCompressions.none));
  }

  private static void limit(SshServer server, SshSettings settings) {
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "gridwarden");
    CoreModuleProperties.AUTH_TIMEOUT.set(server, LOGIN);
    CoreModuleProperties.IDLE_TIMEOUT.set(server, settings.idleTimeout());
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, settings.idleTimeout().plusSeconds(15));
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, KEYS_TRIED);
    CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, settings.perUser());
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, CHANNELS);
  }

  /** Ends the sessions of users who were removed or have other roles, and of keys taken away. */
  private void watch(Sessions sessions) {
    Runnable look =
        () -> {
          for (AbstractSession session : server.getActiveSessions()) {
            try {
              if (!sessions.stands(session)) {
                session.disconnect(
                    SshConstants.SSH2_DISCONNECT_BY_APPLICATION,
                    "your account has changed: log in again");
              }
            } catch (IOException | RuntimeException e) {
              LOG.warn("an SSH session could not be looked after", e);
            }
          }
        };
    var unused =
        sweeper.scheduleWithFixedDelay(
            look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends every session, and what they began to take in is finished. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    server.close(true);
    exchange.ifPresent(Exchange::close);
  }

  @Override
  public String toString() {
    return "SshDoor[" + server.getPort() + "]";
  }
}
