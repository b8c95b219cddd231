package org.gridwarden.channel.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.io.IOException;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/**
 * A WebSocket (RFC 6455) after its handshake, by Netty's codec without Netty's network: masked
 * frames, no extensions, messages put together up to their bound. Thread-safe; one thread reads.
 */
final class SocketWire implements Wire {
  private final Connection connection;
  private final Pipe pipe;
  private final EmbeddedChannel codec;
  private Talk talk;
  private boolean left;

  private SocketWire(Connection connection, Pipe pipe, HttpChannel.Shared shared) {
    this.connection = connection;
    this.pipe = pipe;
    this.talk = new Nobody();
    int longest = shared.limits().maxBody();
    this.codec =
        new EmbeddedChannel(
            new WebSocket13FrameEncoder(false),
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(longest)
                    .expectMaskedFrames(true)
                    .allowExtensions(false)
                    .closeOnProtocolViolation(false)
                    .build()),
            new Utf8FrameValidator(false),
            new WebSocketFrameAggregator(longest));
  }

  /** Begins to speak a protocol. */
  static SocketWire open(
      Connection connection, Pipe pipe, HttpChannel.Shared shared, Handshake.Protocol protocol) {
    SocketWire wire = new SocketWire(connection, pipe, shared);
    wire.talk =
        switch (protocol) {
          case MESSAGES -> MessageTalk.begin(wire, connection, shared);
          case WAMP_CBOR -> new WampTalk(wire, connection, shared, WampForm.CBOR);
          case WAMP_JSON -> new WampTalk(wire, connection, shared, WampForm.JSON);
        };
    return wire;
  }

  /** Until there is somebody. */
  private static final class Nobody implements Talk {
    @Override
    public void binary(byte[] message) {}

    @Override
    public void text(byte[] utf8) {}

    @Override
    public void over() {}
  }

  @Override
  public void read(byte[] bytes, int length) throws IOException, InterruptedException {
    try {
      synchronized (codec) {
        codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
      }
    } catch (CorruptedWebSocketFrameException e) {
      throw close(e.closeStatus(), "a frame is none: " + e.getMessage());
    } catch (TooLongFrameException e) {
      throw close(WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message is too long");
    } catch (DecoderException e) {
      throw close(WebSocketCloseStatus.PROTOCOL_ERROR, "a frame is none: " + e.getMessage());
    }
    for (WebSocketFrame frame = next(); frame != END; frame = next()) {
      try {
        take(frame);
      } finally {
        frame.release();
      }
    }
  }

  private static final WebSocketFrame END = new PongWebSocketFrame(Unpooled.EMPTY_BUFFER);

  private WebSocketFrame next() {
    synchronized (codec) {
      return codec.readInbound() instanceof WebSocketFrame frame ? frame : END;
    }
  }

  private void take(WebSocketFrame frame) throws IOException, InterruptedException {
    connection.alive();
    switch (frame) {
      case BinaryWebSocketFrame binary -> talk.binary(bytes(binary));
      case TextWebSocketFrame text -> talk.text(bytes(text));
      case PingWebSocketFrame ping ->
          write(new PongWebSocketFrame(Unpooled.wrappedBuffer(bytes(ping))));
      case CloseWebSocketFrame close -> {
        leave(
            close.statusCode() < 0
                ? WebSocketCloseStatus.NORMAL_CLOSURE
                : WebSocketCloseStatus.valueOf(close.statusCode()),
            "");
        throw new Connection.Ended();
      }
      default -> {} // a pong: it is alive
    }
  }

  private static byte[] bytes(WebSocketFrame frame) {
    byte[] bytes = new byte[frame.content().readableBytes()];
    frame.content().readBytes(bytes);
    return bytes;
  }

  /** Sends a binary message. */
  boolean binary(byte[] message) {
    return write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
  }

  /** Sends a text. */
  boolean text(byte[] utf8) {
    return write(new TextWebSocketFrame(Unpooled.wrappedBuffer(utf8)));
  }

  private boolean write(WebSocketFrame frame) {
    synchronized (codec) {
      if (left || !codec.isOpen()) {
        frame.release();
        return false;
      }
      codec.writeOutbound(frame);
      for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        pipe.write(bytes);
      }
      return true;
    }
  }

  /** Says why, and ends the connection. */
  Connection.Ended close(WebSocketCloseStatus status, String why) {
    leave(status, why);
    return connection.refused(Tally.What.MALFORMED, why);
  }

  private void leave(WebSocketCloseStatus status, String why) {
    String words = why.length() > 80 ? why.substring(0, 80) : why;
    synchronized (codec) {
      if (write(new CloseWebSocketFrame(status, words))) {
        left = true;
      }
    }
  }

  /** A word, to see whether it is still there. */
  @Override
  public void quiet() {
    write(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
  }

  @Override
  public void over() {
    talk.over();
  }

  @Override
  public void leave() {
    talk.over();
    leave(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the office closes");
  }

  @Override
  public void close() {
    synchronized (codec) {
      codec.finishAndReleaseAll();
    }
  }
}
