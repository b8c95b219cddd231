package org.gridwarden.simulator.http;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.Cbor;
import org.gridwarden.security.command.CommandException;

/**
 * A client that speaks {@code gridwarden.cose.1} over a WebSocket: a secured message a frame, each
 * acknowledged by its number and a status. Thread-safe; a virtual thread reads.
 */
public final class SocketLine implements AutoCloseable {
  /** The sub-protocol. */
  public static final String PROTOCOL = "gridwarden.cose.1";

  private static final int COSE_ENCRYPT0 = 0xD0;

  private final Frames frames;
  private final Consumer<byte[]> heard;
  private final Map<Long, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
  private long sent;

  private SocketLine(Frames frames, Consumer<byte[]> heard) {
    this.frames = frames;
    this.heard = heard;
  }

  /**
   * Opens one.
   *
   * @param socket already connected, under TLS or not; the line closes it
   * @param authorization empty where the certificate says who it is
   * @param heard gets orders, one after the other
   * @throws IOException where the office opens none
   */
  public static SocketLine open(
      Socket socket, MeterId meter, String authorization, Consumer<byte[]> heard)
      throws IOException {
    Frames frames = Frames.open(socket, meter, authorization, PROTOCOL);
    SocketLine opened = new SocketLine(frames, heard);
    IOException why = new IOException("the connection has ended");
    var told =
        frames
            .ended()
            .thenRun(() -> opened.waiting.values().forEach(w -> w.completeExceptionally(why)));
    frames.hear(opened::take);
    return opened;
  }

  /**
   * Sends a secured message.
   *
   * @return its status, as HTTP has them; fails where the connection ends before
   */
  public CompletableFuture<Integer> send(byte[] message) throws IOException {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    synchronized (frames) {
      sent++;
      waiting.put(sent, status);
      frames.send(message);
    }
    if (frames.ended().isDone()) {
      status.completeExceptionally(new IOException("the connection has ended"));
    }
    return status;
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Void> ended() {
    return frames.ended();
  }

  private void take(byte[] message) throws IOException {
    if (message.length > 0 && (message[0] & 0xFF) == COSE_ENCRYPT0) {
      heard.accept(message);
      return;
    }
    try {
      long[] pair =
          Cbor.read(
              message,
              in -> {
                in.array();
                long[] two = {in.number("the number"), in.number("the status")};
                if (two[1] < 300) {
                  in.end();
                } else {
                  var unused = in.text("the remedy", 512);
                  in.end();
                }
                return two;
              });
      CompletableFuture<Integer> who = waiting.remove(pair[0]);
      if (who != null) {
        who.complete((int) pair[1]);
      }
    } catch (CommandException e) {
      throw new IOException("an acknowledgement is none", e);
    }
  }

  /** Ends the connection without a word. */
  public void cut() {
    frames.cut();
  }

  /** Takes its leave. */
  @Override
  public void close() {
    frames.close();
  }
}
