package org.gridwarden.channel.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Fault;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/**
 * HTTP/1.1 (RFC 9112) by Netty's decoder without Netty's network. One request after the other is
 * answered; who asks is looked at before its body is read.
 */
final class Http1 implements Wire {
  private static final int MOST_FIELDS = 64;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Connection connection;
  private final Pipe pipe;
  private final HttpChannel.Shared shared;
  private final EmbeddedChannel codec;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Optional<HttpRequest> head = Optional.empty();
  private boolean more; // what was read does not end where a head does
  private volatile Optional<Asked> asked = Optional.empty();

  /** A request whose answer is not written yet, or was. */
  private record Asked(
      Request request, CompletableFuture<Response> answer, CompletableFuture<Void> written) {}

  /** Lengths said twice over are how requests are smuggled past others (RFC 9112, clause 6.3). */
  private static final class Strict extends HttpRequestDecoder {
    Strict(HttpDecoderConfig config) {
      super(config);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both a length and chunks");
    }
  }

  Http1(Connection connection, Pipe pipe, HttpChannel.Shared shared) {
    this.connection = connection;
    this.pipe = pipe;
    this.shared = shared;
    this.codec =
        new EmbeddedChannel(
            new Strict(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(shared.limits().maxHeader())
                    .setMaxHeaderSize(shared.limits().maxHeader())));
  }

  /** The field Date (RFC 9110, clause 6.6.1). */
  static String date(HttpChannel.Shared shared) {
    return DATE.format(shared.host().clock().instant());
  }

  @Override
  public void read(byte[] bytes, int length) throws IOException, InterruptedException {
    more = length > 0 && bytes[length - 1] != '\n';
    codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
    for (Object in = codec.readInbound(); in != null; in = codec.readInbound()) {
      try {
        take(in);
      } finally {
        ReferenceCountUtil.release(in);
      }
      if (!codec.isOpen()) {
        return; // upgraded
      }
    }
  }

  private void take(Object in) throws IOException, InterruptedException {
    if (in instanceof HttpRequest request) {
      asked.ifPresent(before -> before.written().join()); // in their order
      if (request.decoderResult().isFailure()) {
        throw unreadable(request.decoderResult().cause());
      }
      connection.begun();
      begin(request);
    }
    if (in instanceof HttpContent content) {
      if (content.decoderResult().isFailure()) {
        throw unreadable(content.decoderResult().cause());
      }
      int length = content.content().readableBytes();
      if (body.size() + length > shared.limits().maxBody()) {
        throw tooLong();
      }
      content.content().readBytes(body, length);
      if (in instanceof LastHttpContent) {
        whole(head.orElseThrow());
      }
    }
  }

  private Connection.Ended unreadable(Throwable why) {
    int status =
        why instanceof TooLongHttpHeaderException
            ? 431
            : why instanceof TooLongHttpLineException ? 414 : 400;
    return refuse(
        Problem.of(status, Fault.Code.MALFORMED, "the request", "it is none, or too long")
            .response(),
        Tally.What.MALFORMED);
  }

  private Connection.Ended tooLong() {
    return refuse(
        Problem.of(
                413,
                Fault.Code.MALFORMED,
                "the body",
                "it has " + shared.limits().maxBody() + " bytes at most")
            .response(),
        Tally.What.OVER_LIMIT);
  }

  private Connection.Ended refuse(Response response, Tally.What what) {
    write(response.andEnd(), false);
    return connection.refused(what, "a request was answered by " + response.status());
  }

  /**
   * A request's line and fields are there: nothing of its body is taken before who asks is known.
   */
  private void begin(HttpRequest request) throws IOException {
    HttpHeaders headers = request.headers();
    if (headers.size() > MOST_FIELDS) {
      throw refuse(
          Problem.of(431, Fault.Code.MALFORMED, "the request", "it has too many fields").response(),
          Tally.What.OVER_LIMIT);
    }
    boolean eleven = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!eleven && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        || eleven && headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      throw refuse(
          Problem.of(400, Fault.Code.MALFORMED, "the request", "it names one host, by HTTP/1.1")
              .response(),
          Tally.What.MALFORMED);
    }
    Optional<Response> refusal = connection.admit(headers);
    if (refusal.isPresent()) {
      write(refusal.get(), false);
      throw new Connection.Ended();
    }
    long length = HttpUtil.getContentLength(request, 0L);
    if (length > shared.limits().maxBody()) {
      throw tooLong();
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      pipe.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    head = Optional.of(request);
    body.reset();
  }

  private void whole(HttpRequest first) throws IOException, InterruptedException {
    Request request;
    try {
      request = Request.of(first.method().name(), first.uri(), first.headers(), body.toByteArray());
    } catch (IllegalArgumentException e) {
      throw unreadable(e);
    }
    head = Optional.empty();
    body.reset();
    if (Handshake.isWanted(request)) {
      upgrade(request);
      return;
    }
    boolean last = !HttpUtil.isKeepAlive(first);
    boolean bare = request.method().equals("HEAD");
    CompletableFuture<Response> answer = connection.answer(request);
    CompletableFuture<Void> written = new CompletableFuture<>();
    asked = Optional.of(new Asked(request, answer, written));
    answer.whenComplete((response, failure) -> {
      try {
        Response sent = response == null ? Connection.failed() : response;
        sent = last ? sent.andEnd() : sent;
        connection.alive();
        write(sent, bare);
        if (sent.last()) {
          connection.end();
        }
      } finally {
        written.complete(null);
        connection.release();
      }
    });
  }

  private void upgrade(Request request) throws IOException {
    if (more) {
      throw refuse( // it is to wait for the answer (RFC 6455, clause 4.1)
          Problem.of(400, Fault.Code.MALFORMED, "the socket", "wait until it is open").response(),
          Tally.What.MALFORMED);
    }
    Handshake handshake = Handshake.of(request, connection.who());
    write(handshake.response(), false);
    if (handshake.protocol().isEmpty()) {
      if (handshake.response().last()) {
        throw new Connection.Ended();
      }
      return;
    }
    SocketWire socket = SocketWire.open(connection, pipe, shared, handshake.protocol().get());
    connection.upgrade(socket);
  }

  private void write(Response response, boolean bare) {
    StringBuilder out = new StringBuilder(192);
    out.append("HTTP/1.1 ")
        .append(response.status())
        .append(' ')
        .append(HttpResponseStatus.valueOf(response.status()).reasonPhrase())
        .append("\r\ndate: ")
        .append(date(shared));
    for (Response.Field field : response.fields()) {
      out.append("\r\n").append(field.name()).append(": ").append(field.value());
    }
    if (response.saysLength()) {
      out.append("\r\ncontent-length: ").append(response.body().length);
    }
    if (response.last()) {
      out.append("\r\nconnection: close");
    }
    byte[] first = out.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    int length = bare || !response.saysLength() ? 0 : response.body().length;
    byte[] all = java.util.Arrays.copyOf(first, first.length + length);
    System.arraycopy(response.body(), 0, all, first.length, length);
    pipe.write(all);
  }

  @Override
  public void over() {
    asked.filter(a -> a.request().isHeld()).ifPresent(a -> a.answer().complete(Response.of(204)));
  }

  @Override
  public void close() {
    codec.finishAndReleaseAll();
  }
}
