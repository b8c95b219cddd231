package org.gridwarden.channel.coap.mapping;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.message.Secured;

/**
 * Requests of HTTP/1.1 (RFC 9112) out of bytes as they come, by Netty's decoder without Netty's
 * network. Holds one request at most, and no more of it than its bounds. One thread.
 */
public final class Incoming implements AutoCloseable {
  /** The longest request line, and the longest fields together, in bytes. */
  public static final int LONGEST_HEAD = 4_096;

  /** The longest body, in bytes: a secured message's. */
  public static final int LONGEST_BODY = Secured.LONGEST;

  private static final int MOST_FIELDS = 64;

  private final EmbeddedChannel codec =
      new EmbeddedChannel(
          new Strict(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(LONGEST_HEAD)
                  .setMaxHeaderSize(LONGEST_HEAD)));
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Optional<HttpRequest> head = Optional.empty();
  private boolean awaited;

  /**
   * A request with all of its body. Holds it without copying.
   *
   * @param last whether the client wants the connection to end with its answer
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  public record Whole(
      String method, String target, HttpHeaders headers, byte[] body, boolean last) {}

  /** What came is no request that is taken here; the connection is to end. */
  public static final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refusal(int status, String why) {
      super(why);
      this.status = status;
    }

    /** The status to be answered. */
    public int status() {
      return status;
    }
  }

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

  /**
   * Takes bytes in.
   *
   * @return the requests that are whole now
   * @throws Refusal where what they are is none, or over a bound
   */
  public List<Whole> read(byte[] bytes, int length) throws Refusal {
    List<Whole> whole = new ArrayList<>();
    codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
    for (Object in = codec.readInbound(); in != null; in = codec.readInbound()) {
      try {
        take(in, whole);
      } finally {
        ReferenceCountUtil.release(in);
      }
    }
    return whole;
  }

  private void take(Object in, List<Whole> whole) throws Refusal {
    if (in instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        throw unreadable(request.decoderResult().cause());
      }
      begin(request);
    }
    if (in instanceof HttpContent content) {
      if (content.decoderResult().isFailure()) {
        throw unreadable(content.decoderResult().cause());
      }
      int length = content.content().readableBytes();
      if (body.size() + length > LONGEST_BODY) {
        throw tooLong();
      }
      byte[] part = new byte[length];
      content.content().readBytes(part);
      body.writeBytes(part);
      if (in instanceof LastHttpContent && head.isPresent()) {
        HttpRequest first = head.get();
        whole.add(
            new Whole(
                first.method().name(),
                first.uri(),
                first.headers(),
                body.toByteArray(),
                !HttpUtil.isKeepAlive(first)));
        head = Optional.empty();
        awaited = false;
        body.reset();
      }
    }
  }

  private void begin(HttpRequest request) throws Refusal {
    HttpHeaders headers = request.headers();
    if (headers.size() > MOST_FIELDS) {
      throw new Refusal(431, "a request has " + MOST_FIELDS + " fields at most");
    }
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw new Refusal(505, "speak HTTP/1.1");
    }
    if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      throw new Refusal(400, "a request names one host");
    }
    long length;
    try {
      length = HttpUtil.getContentLength(request, 0L);
    } catch (NumberFormatException e) {
      throw new Refusal(400, "a length is a number");
    }
    if (length < 0) {
      throw new Refusal(400, "a length is a number");
    }
    if (length > LONGEST_BODY) {
      throw tooLong();
    }
    awaited = HttpUtil.is100ContinueExpected(request);
    head = Optional.of(request);
    body.reset();
  }

  private static Refusal tooLong() {
    return new Refusal(413, "a body has " + LONGEST_BODY + " bytes at most");
  }

  private static Refusal unreadable(Throwable why) {
    int status =
        why instanceof TooLongHttpHeaderException
            ? 431
            : why instanceof TooLongHttpLineException ? 414 : 400;
    return new Refusal(status, "it is no request, or too long");
  }

  /** Whether a client waits to be told to go on before it sends its body; once a request. */
  public boolean isAwaited() {
    boolean now = awaited;
    awaited = false;
    return now;
  }

  /** Whether a request has begun, and not all of it is there. */
  public boolean isWithin() {
    return head.isPresent();
  }

  @Override
  public void close() {
    codec.finishAndReleaseAll();
  }
}
