package org.gridwarden.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gridwarden.headend.work.EvidenceFile;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many bytes a request's body may have, told before any of it is parsed (C39): by its
 * Content-Length where it has one, and by counting what is read where it is chunked. Stands behind
 * authorization: nobody's body is read who may not send one. Thread-safe.
 */
final class BodyLimits extends OncePerRequestFilter {
  /** In bytes, where no limit of its own stands in {@link #LIMITS}. */
  static final long USUAL = 1 << 20;

  /**
   * A route's own limit.
   *
   * @param most in bytes; {@link Long#MAX_VALUE} where the controller limits it itself
   */
  private record Limit(PathPattern path, long most) {
    static Limit of(String path, long most) {
      return new Limit(PathPatternParser.defaultInstance.parse(path), most);
    }
  }

  private static final List<Limit> LIMITS =
      List.of(
          Limit.of("/api/v1/meters/import", Long.MAX_VALUE), // console.maxImport
          Limit.of("/api/v1/firmware/images", Long.MAX_VALUE), // console.maxImport
          Limit.of("/api/v1/tariffs", Long.MAX_VALUE), // TariffManifest.LARGEST
          Limit.of("/api/v1/tariffs/prices", Long.MAX_VALUE), // PriceCsv.LONGEST
          Limit.of("/api/v1/work/*/evidence", EvidenceFile.MOST_BYTES),
          Limit.of("/api/v1/imports", Long.MAX_VALUE), // console.maxImport
          Limit.of("/api/v1/cim/**", CimApi.MOST),
          Limit.of("/api/v1/zigbee/**", 16 << 10), // one device at a time
          Limit.of("/espi/**", 16 << 10), // anybody may send one
          Limit.of("/api/v1/session/**", 16 << 10), // anybody may send one
          Limit.of("/api/v1/commands", 4 << 20), // 10,000 meters by their ids
          Limit.of("/api/v1/commands/sign", 4 << 20), // 10,000 signatures
          Limit.of("/api/v1/commands/approve", 4 << 20), // 1,000 orders, tariffs among them
          Limit.of("/api/v1/commands/*/approve", 128 << 10));

  private final JsonMapper json;

  BodyLimits(JsonMapper json) {
    this.json = json;
  }

  /** The most bytes that a body to this path may have. */
  static long most(String path) {
    PathContainer asked = PathContainer.parsePath(path);
    return LIMITS.stream()
        .filter(limit -> limit.path().matches(asked))
        .mapToLong(Limit::most)
        .findFirst()
        .orElse(USUAL);
  }

  /** What is said of a body that is larger. */
  static FaultException tooLarge(long most) {
    return FaultException.tooLarge(
        "body", "this route takes at most " + most + " bytes: send fewer items at a time");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long most = most(request.getServletPath());
    if (most == Long.MAX_VALUE) {
      chain.doFilter(request, response);
      return;
    }
    if (request.getContentLengthLong() > most) {
      FaultException refused = tooLarge(most);
      Problem.send(response, json, refused.status(), refused.fault());
      return;
    }
    chain.doFilter(new Limited(request, most), response);
  }

  private static final class Limited extends HttpServletRequestWrapper {
    private final long most;
    private @Nullable Counted body;

    private Limited(HttpServletRequest request, long most) {
      super(request);
      this.most = most;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (body == null) {
        body = new Counted(super.getInputStream(), most);
      }
      return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
      String named = getCharacterEncoding();
      return new BufferedReader(
          new InputStreamReader(
              getInputStream(), named == null ? StandardCharsets.UTF_8.name() : named));
    }
  }

  /** A servlet's stream that a {@link LimitedBody} counts. */
  private static final class Counted extends ServletInputStream {
    private final ServletInputStream in;
    private final LimitedBody counted;

    private Counted(ServletInputStream in, long most) {
      this.in = in;
      this.counted = new LimitedBody(in, most);
    }

    @Override
    public int read() throws IOException {
      return counted.read();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      return counted.read(into, from, length);
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
