package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.CommandException;

/**
 * The gate's process: {@code GateMain [--with-parent] FOLDER SOCKET}. Listens on a Unix domain
 * socket in a folder that only its owner may enter; a connection carries one order. With {@code
 * --with-parent} it ends when its standard input does. The right place for it is a user, or a
 * machine, of its own, with the socket forwarded.
 */
public final class GateMain {
  private static final int MOST = 32;
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final LastGate gate;
  private final ServerSocketChannel listening;
  private final Semaphore room = new Semaphore(MOST);
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("gate-watch").unstarted(task));

  private GateMain(LastGate gate, ServerSocketChannel listening) {
    this.gate = gate;
    this.listening = listening;
  }

  /** Runs until it is stopped. */
  public static void main(String[] args) throws IOException {
    boolean child = args.length == 3 && args[0].equals("--with-parent");
    if (args.length != 2 && !child) {
      throw new IllegalArgumentException("a gate is started with its folder and its socket");
    }
    Path folder = Path.of(args[args.length - 2]);
    Path socket = Path.of(args[args.length - 1]);
    LastGate gate = GateFolder.open(folder, InstantSource.system());
    if (socket.toAbsolutePath().getParent() instanceof Path place && !Files.exists(place)) {
      SecretFiles.folder(place);
    }
    Files.deleteIfExists(socket);
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      if (child) {
        Thread.ofPlatform().daemon().name("gate-parent").start(() -> endWith(System.in));
      }
      System.out.println("ready");
      new GateMain(gate, listening).accept();
    }
  }

  private static void endWith(InputStream parent) {
    try {
      parent.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // it is gone
    }
    Runtime.getRuntime().halt(0);
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel connection = listening.accept();
      if (!room.tryAcquire()) {
        connection.close();
        continue;
      }
      Thread.ofVirtual()
          .name("gate")
          .start(() -> {
            try {
              serve(connection);
            } finally {
              room.release();
            }
          });
    }
  }

  private void serve(SocketChannel connection) {
    Future<?> end =
        watch.schedule(() -> close(connection), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    try (connection) {
      serve(gate, Channels.newInputStream(connection), Channels.newOutputStream(connection));
    } catch (IOException | RuntimeException e) {
      // no record: the head-end finds out what became of it
    } finally {
      end.cancel(false);
    }
  }

  private static void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  /** One order's conversation. */
  static void serve(LastGate gate, InputStream in, OutputStream out) throws IOException {
    GateFrame first = GateFrame.from(in);
    if (first.kind() != GateFrame.Kind.ORDER) {
      throw new IOException("a conversation begins with an order, not with " + first.kind());
    }
    try {
      byte[] record = gate.take(first.content(), new RelayLink(in, out));
      new GateFrame(GateFrame.Kind.RECORD, record).to(out);
    } catch (CommandException e) {
      said(GateFrame.Kind.REFUSED, String.valueOf(e.getMessage())).to(out);
    } catch (DlmsException e) {
      said(GateFrame.Kind.BROKEN, e.describe()).to(out);
    } catch (AssociationRefused | IOException e) {
      said(GateFrame.Kind.BROKEN, String.valueOf(e.getMessage())).to(out);
    }
  }

  private static GateFrame said(GateFrame.Kind kind, String words) {
    return new GateFrame(kind, words.getBytes(StandardCharsets.UTF_8));
  }
}
