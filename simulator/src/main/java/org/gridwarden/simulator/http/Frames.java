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
import java.util.concurrent.ThreadLocalRandom;
import org.gridwarden.core.MeterId;

/**
 * A client's end of a WebSocket (RFC 6455): its handshake, and binary frames both ways. Pings are
 * answered. Thread-safe; a virtual thread reads.
 */
final class Frames implements AutoCloseable {
  private static final int LONGEST = 1 << 16;

  private final Socket socket;
  private final HttpLine line;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(
          new WebSocket13FrameEncoder(true),
          new WebSocket13FrameDecoder(false, false, LONGEST),
          new WebSocketFrameAggregator(LONGEST));
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Who is told what comes, one message after the other; a failure ends the connection. */
  interface Ear {
    void take(byte[] message) throws IOException;
  }

  private Frames(Socket socket, HttpLine line) {
    this.socket = socket;
    this.line = line;
  }

  /**
   * Shakes hands.
   *
   * @param socket already connected, under TLS or not; closed with this
   * @param authorization empty where the certificate says who it is
   * @param protocol the sub-protocol
   * @throws IOException where the office opens none
   */
  static Frames open(Socket socket, MeterId meter, String authorization, String protocol)
      throws IOException {
    HttpLine line = new HttpLine(socket, authorization);
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Upgrade", "websocket");
    fields.put("Connection", "Upgrade");
    fields.put("Sec-WebSocket-Version", "13");
    fields.put("Sec-WebSocket-Protocol", protocol);
    fields.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
    try {
      line.write("GET", "/gw/" + meter + "/socket", fields, new byte[0]);
      HttpLine.Answer answer = line.read();
      if (answer.status() != 101) {
        throw new IOException("the office opens no socket: " + answer.status());
      }
    } catch (IOException e) {
      line.close();
      throw e;
    }
    return new Frames(socket, line);
  }

  /** Hears from now on; once. */
  void hear(Ear ear) {
    Thread.ofVirtual().name("socket-line").start(() -> read(ear));
  }

  /** Sends a message. */
  void send(byte[] message) throws IOException {
    write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
  }

  /** Completes when the connection has ended, whoever ended it. */
  CompletableFuture<Void> ended() {
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

  private void read(Ear ear) {
    try {
      InputStream in = line.in();
      byte[] bytes = new byte[4 << 10];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        synchronized (codec) {
          codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
        }
        while (next(ear)) {
          // one frame after the other
        }
      }
    } catch (IOException | io.netty.handler.codec.DecoderException e) {
      // the connection has ended
    } finally {
      line.close();
      ended.complete(null);
      synchronized (codec) {
        codec.finishAndReleaseAll();
      }
    }
  }

  private boolean next(Ear ear) throws IOException {
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
      case BinaryWebSocketFrame _ -> ear.take(content);
      default -> {}
    }
    return true;
  }

  /** Ends the connection without a word. */
  void cut() {
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
