package org.gridwarden.headend.est;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * An answer of HTTP/1.1.
 *
 * @param fields beside length and connection, as they are written
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
record HttpAnswer(int status, List<String> fields, byte[] body) {
  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(202, "Accepted"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(411, "Length Required"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(503, "Service Unavailable"));

  HttpAnswer {
    fields = List.copyOf(fields);
    body = body.clone();
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  /** A sentence for a person. */
  static HttpAnswer text(int status, String sentence) {
    return new HttpAnswer(
        status,
        List.of("Content-Type: text/plain; charset=utf-8"),
        (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes as they are. */
  static HttpAnswer bytes(String type, byte[] der) {
    return new HttpAnswer(200, List.of("Content-Type: " + type), der);
  }

  /** Bytes in base64, as EST sends them (RFC 7030, 4). */
  static HttpAnswer base64(String type, byte[] der) {
    return new HttpAnswer(
        200,
        List.of("Content-Type: " + type, "Content-Transfer-Encoding: base64"),
        (Base64.getMimeEncoder(64, new byte[] {'\r', '\n'}).encodeToString(der) + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  HttpAnswer with(String field) {
    List<String> more = new ArrayList<>(fields);
    more.add(field);
    return new HttpAnswer(status, more, body);
  }

  void write(OutputStream out, boolean last) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    head.append(WORDS.getOrDefault(status, "")).append("\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n");
    head.append("Cache-Control: no-store\r\n");
    if (last) {
      head.append("Connection: close\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    whole.writeBytes(body);
    out.write(whole.toByteArray());
    out.flush();
  }
}
