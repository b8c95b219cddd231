package org.gridwarden.headend.est;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request of HTTP/1.1 (RFC 9112), as far as EST needs it: a head of at most 8 KB, a body of a
 * stated length of at most 8 KB, nothing chunked, nothing folded.
 *
 * @param method such as GET
 * @param path without the query
 * @param fields by lower-case name; a name that comes twice is refused
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
record HttpRequest(String method, String path, Map<String, String> fields, byte[] body) {
  static final int MOST_HEAD = 8 * 1024;
  static final int MOST_BODY = 8 * 1024;
  private static final int MOST_FIELDS = 64;

  /** What cannot be taken, and the status that says so. */
  static final class Bad extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Bad(int status, String why) {
      super(why, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  HttpRequest {
    fields = Map.copyOf(fields);
    body = body.clone();
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Whether the connection is to be closed after the answer. */
  boolean last() {
    return field("connection").filter(c -> c.equalsIgnoreCase("close")).isPresent();
  }

  /**
   * Reads one request.
   *
   * @return empty where the connection ended between requests
   * @throws Bad where it is malformed or too large
   */
  static Optional<HttpRequest> read(InputStream in) throws IOException, Bad {
    Optional<String> head = head(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    String[] lines = head.get().split("\r\n", -1);
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3
        || !start[0].matches("[A-Z]{1,16}")
        || !start[1].startsWith("/")
        || !start[2].matches("HTTP/1\\.[01]")) {
      throw new Bad(400, "this is no request line of HTTP/1.1");
    }
    if (lines.length > MOST_FIELDS + 1) {
      throw new Bad(431, "too many fields");
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1 || !lines[i].substring(0, colon).matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
        throw new Bad(400, "a field is malformed");
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      if (fields.put(name, lines[i].substring(colon + 1).strip()) != null) {
        throw new Bad(400, "a field stands there twice");
      }
    }
    int query = start[1].indexOf('?');
    String path = query < 0 ? start[1] : start[1].substring(0, query);
    return Optional.of(new HttpRequest(start[0], path, fields, body(in, fields)));
  }

  private static Optional<String> head(InputStream in) throws IOException, Bad {
    byte[] head = new byte[MOST_HEAD];
    int length = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        if (length == 0) {
          return Optional.empty();
        }
        throw new Bad(400, "the head breaks off");
      }
      if (next != '\r' && next != '\n' && (next < ' ' || next > '~') && next != '\t') {
        throw new Bad(400, "the head holds what is not ASCII");
      }
      head[length++] = (byte) next;
      if (length >= 4
          && head[length - 4] == '\r'
          && head[length - 3] == '\n'
          && head[length - 2] == '\r'
          && next == '\n') {
        return Optional.of(new String(head, 0, length - 4, StandardCharsets.US_ASCII));
      }
      if (length == MOST_HEAD) {
        throw new Bad(431, "the head is larger than " + MOST_HEAD + " bytes");
      }
    }
  }

  private static byte[] body(InputStream in, Map<String, String> fields) throws IOException, Bad {
    if (fields.containsKey("transfer-encoding")) {
      throw new Bad(411, "send the body in one piece, with Content-Length");
    }
    String stated = fields.get("content-length");
    if (stated == null) {
      return new byte[0];
    }
    if (!stated.matches("[0-9]{1,9}")) {
      throw new Bad(400, "Content-Length is a number");
    }
    int length = Integer.parseInt(stated);
    if (length > MOST_BODY) {
      throw new Bad(413, "a body has at most " + MOST_BODY + " bytes");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new Bad(400, "the body breaks off");
    }
    return body;
  }
}
