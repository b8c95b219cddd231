package org.gridwarden.channel.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Fault;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/**
 * HTTP/2 (RFC 9113) by Netty's codec without Netty's network: flow control, header compression and
 * settings are the codec's, streams that are reset without end are cut off by it. A stream is a
 * request; its body is read once it is known who asks. Thread-safe; one thread reads.
 */
final class Http2 implements Wire {
  private static final int RESETS = 100;
  private static final int SECONDS = 30;

  private final Connection connection;
  private final Pipe pipe;
  private final HttpChannel.Shared shared;
  private final EmbeddedChannel codec;
  private final Map<Integer, Stream> streams = new HashMap<>();

  /** A request on its way in, or under way. */
  private static final class Stream {
    final Http2FrameStream stream;
    final HttpRequest head;
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    Optional<CompletableFuture<Response>> held = Optional.empty();

    Stream(Http2FrameStream stream, HttpRequest head) {
      this.stream = stream;
      this.head = head;
    }
  }

  /** A stream that is in error is reset; the others go on (clause 5.4.2). */
  private static final class StreamErrors extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof Http2FrameStreamException e) {
        context.writeAndFlush(new DefaultHttp2ResetFrame(e.error()).stream(e.stream()));
      }
    }
  }

  Http2(Connection connection, Pipe pipe, HttpChannel.Shared shared) {
    this.connection = connection;
    this.pipe = pipe;
    this.shared = shared;
    Http2FrameCodecBuilder builder =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(shared.limits().inFlight())
                    .initialWindowSize(shared.limits().maxBody() + 1)
                    .maxHeaderListSize(shared.limits().maxHeader()))
            .decoderEnforceMaxRstFramesPerWindow(RESETS, SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(RESETS, SECONDS)
            .gracefulShutdownTimeoutMillis(0);
    this.codec = new EmbeddedChannel(builder.build(), new StreamErrors());
    flush(); // our settings
  }

  @Override
  public void read(byte[] bytes, int length) throws IOException, InterruptedException {
    List<Http2Frame> frames = new ArrayList<>();
    boolean open;
    synchronized (this) {
      codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
      for (Object in = codec.readInbound(); in != null; in = codec.readInbound()) {
        if (in instanceof Http2Frame frame) {
          frames.add(frame);
        } else {
          ReferenceCountUtil.release(in);
        }
      }
      flush();
      open = codec.isOpen();
    }
    try {
      for (Http2Frame frame : frames) {
        take(frame);
      }
    } finally {
      frames.forEach(ReferenceCountUtil::release);
    }
    if (!open) {
      throw connection.refused(Tally.What.MALFORMED, "it speaks HTTP/2 otherwise than agreed");
    }
  }

  private void take(Http2Frame frame) throws InterruptedException {
    switch (frame) {
      case Http2HeadersFrame headers -> headers(headers);
      case Http2DataFrame data -> data(data);
      case Http2ResetFrame reset -> {
        Optional<Stream> stream = forget(reset.stream().id());
        stream.flatMap(s -> s.held).ifPresent(h -> h.complete(Response.of(204)));
      }
      default -> {} // settings and pings are the codec's
    }
  }

  private void headers(Http2HeadersFrame frame) throws InterruptedException {
    int id = frame.stream().id();
    Optional<Stream> known = find(id);
    if (known.isEmpty()) {
      HttpRequest head;
      try {
        head = HttpConversionUtil.toHttpRequest(id, frame.headers(), true);
      } catch (Http2Exception e) {
        reset(frame.stream(), Http2Error.PROTOCOL_ERROR);
        return;
      }
      connection.begun();
      Optional<Response> refusal = connection.admit(head.headers());
      if (refusal.isPresent()) {
        // its time, and what it may say, go on running out
        answer(new Stream(frame.stream(), head), refusal.get(), !frame.isEndStream());
        return;
      }
      Stream stream = new Stream(frame.stream(), head);
      synchronized (this) {
        streams.put(id, stream);
      }
      known = Optional.of(stream);
    }
    if (frame.isEndStream()) {
      whole(known.get());
    }
  }

  private void data(Http2DataFrame frame) throws InterruptedException {
    Optional<Stream> known = find(frame.stream().id());
    int length = frame.content().readableBytes();
    write(
        new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes())
            .stream(frame.stream()));
    if (known.isEmpty()) {
      return; // of one that was refused
    }
    Stream stream = known.get();
    if (stream.body.size() + length > shared.limits().maxBody()) {
      shared.tally().count(Tally.What.OVER_LIMIT);
      forget(frame.stream().id());
      answer(
          stream,
          Problem.of(
                  413,
                  Fault.Code.MALFORMED,
                  "the body",
                  "it has " + shared.limits().maxBody() + " bytes at most")
              .response(),
          !frame.isEndStream());
      return;
    }
    byte[] bytes = new byte[length];
    frame.content().readBytes(bytes);
    stream.body.writeBytes(bytes);
    if (frame.isEndStream()) {
      whole(stream);
    }
  }

  private void whole(Stream stream) throws InterruptedException {
    HttpRequest head = stream.head;
    Request request;
    try {
      request =
          Request.of(head.method().name(), head.uri(), head.headers(), stream.body.toByteArray());
    } catch (IllegalArgumentException e) {
      forget(stream.stream.id());
      reset(stream.stream, Http2Error.PROTOCOL_ERROR);
      return;
    }
    stream.body.reset();
    CompletableFuture<Response> answer = connection.answer(request);
    if (request.isHeld()) {
      stream.held = Optional.of(answer);
    }
    answer.whenComplete((response, failure) -> {
      try {
        forget(stream.stream.id());
        connection.alive();
        answer(stream, response == null ? Connection.failed() : response, false);
      } finally {
        connection.release();
      }
    });
  }

  private synchronized Optional<Stream> find(int id) {
    return Optional.ofNullable(streams.get(id));
  }

  private synchronized Optional<Stream> forget(int id) {
    return Optional.ofNullable(streams.remove(id));
  }

  /**
   * @param open whether the other end still sends a body, which nobody wants
   */
  private void answer(Stream to, Response response, boolean open) {
    Http2Headers headers = new DefaultHttp2Headers();
    headers.status(Integer.toString(response.status()));
    headers.set(HttpHeaderNames.DATE, Http1.date(shared));
    for (Response.Field field : response.fields()) {
      if (!HttpHeaderNames.UPGRADE.contentEquals(field.name())) { // HTTP/1.1's alone (8.2.2)
        headers.add(field.name(), field.value());
      }
    }
    byte[] body = response.body();
    if (response.saysLength()) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    boolean bare =
        body.length == 0 || !response.saysLength() || to.head.method().name().equals("HEAD");
    synchronized (this) {
      write(new DefaultHttp2HeadersFrame(headers, bare).stream(to.stream));
      if (!bare) {
        write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true).stream(to.stream));
      }
      if (open) {
        write(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR).stream(to.stream));
      }
    }
  }

  private void reset(Http2FrameStream stream, Http2Error error) {
    write(new DefaultHttp2ResetFrame(error).stream(stream));
  }

  private synchronized void write(Http2Frame frame) {
    if (!codec.isOpen()) {
      ReferenceCountUtil.release(frame);
      return;
    }
    codec.writeOneOutbound(frame); // that its stream was reset meanwhile is no fault of ours
    codec.flushOutbound();
    flush();
  }

  private synchronized void flush() {
    for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      out.release();
      pipe.write(bytes);
    }
  }

  @Override
  public void over() {
    List<Stream> all;
    synchronized (this) {
      all = List.copyOf(streams.values());
    }
    all.forEach(s -> s.held.ifPresent(h -> h.complete(Response.of(204))));
  }

  @Override
  public void leave() {
    write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
  }

  @Override
  public synchronized void close() {
    codec.finishAndReleaseAll();
  }
}
