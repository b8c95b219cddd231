package org.gridwarden.simulator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
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

  private static final int LONGEST = 1 << 16;
  private static final int COSE_ENCRYPT0 = 0xD0;

  private final Socket socket;
  private final HttpLine line;
  private final Consumer<byte[]> heard;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(
          new WebSocket13FrameEncoder(true),
          new WebSocket13FrameDecoder(false, false, LONGEST),
          new WebSocketFrameAggregator(LONGEST));
  private final Map<Long, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long sent;

  private SocketLine(Socket socket, HttpLine line, Consumer<byte[]> heard) {
    this.socket = socket;
    this.line = line;
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
    HttpLine line = new HttpLine(socket, authorization);
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Upgrade", "websocket");
    fields.put("Connection", "Upgrade");
    fields.put("Sec-WebSocket-Version", "13");
    fields.put("Sec-WebSocket-Protocol", PROTOCOL);
    fields.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
    line.write("GET", "/gw/" + meter + "/socket", fields, new byte[0]);
    HttpLine.Answer answer = line.read();
    if (answer.status() != 101) {
      line.close();
      throw new IOException("the office opens no socket: " + answer.status());
    }
    SocketLine opened = new SocketLine(socket, line, heard);
    Thread.ofVirtual().name("socket-line").start(opened::read);
    return opened;
  }

  /**
   * Sends a secured message.
   *
   * @return its status, as HTTP has them; fails where the connection ends before
   */
  public CompletableFuture<Integer> send(byte[] message) throws IOException {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    synchronized (codec) {
      sent++;
      waiting.put(sent, status);
      write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
    }
    if (ended.isDone()) {
      status.completeExceptionally(new IOException("the connection has ended"));
    }
    return status;
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  private void write(WebSocketFrame frame) throws IOException {
    synchronized (codec) {
      if (!codec.isOpen()) {
        frame.release();
        throw new IOException("the connection has ended");
      }
      codec.writeOutbound(frame);
      for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        socket.getOutputStream().write(bytes);
      }
    }
  }

  private void read() {
    try {
      InputStream in = line.in();
      byte[] bytes = new byte[4 << 10];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        synchronized (codec) {
          codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
        }
        while (next()) {
          // one frame after the other
        }
      }
    } catch (IOException | io.netty.handler.codec.DecoderException e) {
      // the connection has ended
    } finally {
      line.close();
      ended.complete(null);
      IOException why = new IOException("the connection has ended");
      waiting.values().forEach(w -> w.completeExceptionally(why));
      synchronized (codec) {
        codec.finishAndReleaseAll();
      }
    }
  }

  private boolean next() throws IOException {
    Object in;
    synchronized (codec) {
      in = codec.readInbound();
    }
    if (!(in instanceof WebSocketFrame frame)) {
      return false;
    }
    byte[] content = new byte[frame.content().readableBytes()];
    frame.content().readBytes(content);
    frame.release();
    switch (frame) {
      case PingWebSocketFrame _ -> write(new PongWebSocketFrame(Unpooled.wrappedBuffer(content)));
      case CloseWebSocketFrame _ -> throw new IOException("the office closes");
      case BinaryWebSocketFrame _ -> take(content);
      default -> {}
    }
    return true;
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
    line.close();
  }

  /** Takes its leave. */
  @Override
  public void close() {
    try {
      write(new CloseWebSocketFrame(1000, ""));
    } catch (IOException e) {
      // it has gone before
    }
    cut();
  }
}
