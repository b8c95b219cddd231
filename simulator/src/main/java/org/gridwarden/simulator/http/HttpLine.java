package org.gridwarden.simulator.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * A client that speaks HTTP/1.1 over a socket that it is given, one request after the other.
 * Bounded by what this program's own office says. One thread at a time.
 */
public final class HttpLine implements AutoCloseable {
  private static final int LONGEST_LINE = 4_096;
  private static final int MOST_FIELDS = 64;
  private static final int LONGEST_BODY = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private final String authorization;

  /**
   * What came back.
   *
   * @param fields by their names in small letters
   */
  @SuppressWarnings("ArrayRecordComponent") // made for who asked
  public record Answer(int status, Map<String, String> fields, byte[] body) {}

  /**
   * @param socket already connected, under TLS or not; the line closes it
   * @param authorization for each request; empty where the certificate says who asks
   */
  public HttpLine(Socket socket, String authorization) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.authorization = authorization;
    socket.setTcpNoDelay(true);
  }

  /** A meter's id and password as the field Authorization has them (RFC 7617). */
  public static String basic(MeterId meter, Secret password) {
    byte[] copy = password.copy();
    try {
      String pair = meter + ":" + new String(copy, StandardCharsets.US_ASCII);
      return "Basic "
          + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    } finally {
      java.util.Arrays.fill(copy, (byte) 0);
    }
  }

  /** Asks for something. */
  public Answer get(String path) throws IOException {
    return send("GET", path, Optional.empty(), new byte[0]);
  }

  /** Sends a secured message. */
  public Answer message(String method, String path, byte[] message) throws IOException {
    return send(method, path, Optional.of("application/cose"), message);
  }

  private Answer send(String method, String path, Optional<String> type, byte[] body)
      throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    type.ifPresent(t -> fields.put("Content-Type", t));
    if (type.isPresent()) {
      fields.put("Content-Length", Integer.toString(body.length));
    }
    write(method, path, fields, body);
    return read();
  }

  /** Writes a request as it is. */
  void write(String method, String path, Map<String, String> fields, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: office\r\n");
    if (!authorization.isEmpty()) {
      head.append("Authorization: ").append(authorization).append("\r\n");
    }
    fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length + 2);
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(body);
    socket.getOutputStream().write(all.toByteArray());
  }

  /** Reads an answer. */
  Answer read() throws IOException {
    String first = line();
    if (!first.startsWith("HTTP/1.1 ") || first.length() < 12) {
      throw new IOException("what answers is no HTTP/1.1");
    }
    int status;
    int length;
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      status = Integer.parseInt(first.substring(9, 12));
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        if (colon < 1 || fields.size() >= MOST_FIELDS) {
          throw new IOException("a field of the answer is none, or one too many");
        }
        fields.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
    } catch (NumberFormatException e) {
      throw new IOException("a number of the answer is none", e);
    }
    if (length < 0 || length > LONGEST_BODY) {
      throw new IOException("an answer of " + length + " bytes");
    }
    byte[] body = status == 304 || status == 204 ? new byte[0] : in.readNBytes(length);
    return new Answer(status, fields, body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() >= LONGEST_LINE) {
        throw new IOException("the connection has ended");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** What the socket reads, with what was read ahead. */
  InputStream in() {
    return in;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
