package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An answer, whichever version of HTTP takes it. Holds its body without copying.
 *
 * @param status RFC 9110's
 * @param fields but length, date and connection, which the version adds
 * @param body of length 0 for none
 * @param last whether the connection ends after it
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
record Response(int status, List<Field> fields, byte[] body, boolean last) {
  private static final byte[] NOTHING = {};

  /** A field, its name in small letters. */
  record Field(String name, String value) {}

  Response {
    fields = List.copyOf(fields);
  }

  static Response of(int status) {
    return new Response(status, List.of(), NOTHING, false);
  }

  static Response of(int status, String mediaType, byte[] body) {
    return new Response(
        status,
        List.of(new Field(HttpHeaderNames.CONTENT_TYPE.toString(), mediaType)),
        body,
        false);
  }

  Response with(CharSequence name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name.toString(), value));
    return new Response(status, more, body, last);
  }

  /** The same, and the connection ends with it. */
  Response andEnd() {
    return new Response(status, fields, body, true);
  }

  Optional<String> field(CharSequence name) {
    return fields.stream().filter(f -> f.name().contentEquals(name)).map(Field::value).findFirst();
  }

  /** Whether it says how long its body is, which these may not (RFC 9110, clause 8.6). */
  boolean saysLength() {
    return status >= 200 && status != 204 && status != 304;
  }
}
