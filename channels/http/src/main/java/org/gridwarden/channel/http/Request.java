package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;

/**
 * A whole request, whichever version of HTTP brought it. Holds its body without copying.
 *
 * @param method in capitals
 * @param path its segments
 * @param seconds how long it may be held, as its query says; -1 where it says nothing sensible
 * @param headers without regard to case
 * @param body of length 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
record Request(String method, List<String> path, int seconds, HttpHeaders headers, byte[] body) {
  private static final int MOST_PARAMETERS = 8;
  private static final int LONGEST_SAID = 120;

  /**
   * @throws IllegalArgumentException where its target is none
   */
  static Request of(String method, String target, HttpHeaders headers, byte[] body) {
    QueryStringDecoder uri = QueryStringDecoder.builder().maxParams(MOST_PARAMETERS).build(target);
    String path = uri.path();
    List<String> segments =
        path.length() > 1 && path.charAt(0) == '/'
            ? List.of(path.substring(1).split("/", -1))
            : List.of();
    return new Request(method, segments, seconds(uri), headers, body);
  }

  private static int seconds(QueryStringDecoder uri) {
    List<String> given = uri.parameters().getOrDefault("wait", List.of("0"));
    try {
      return Integer.parseInt(given.getFirst());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  Optional<String> header(CharSequence name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** All fields of a name as one, which is what they mean (RFC 9110, clause 5.2). */
  Optional<String> list(CharSequence name) {
    List<String> all = headers.getAll(name);
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
  }

  /** It is asked for what a GET would give, without the body or with it. */
  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** A question for orders that is held a while. */
  boolean isHeld() {
    return isRead() && seconds > 0;
  }

  /** For people, and so without what they could not read. */
  @Override
  public String toString() {
    String all = method + " /" + String.join("/", path);
    return all.substring(0, Math.min(all.length(), LONGEST_SAID)).replaceAll("[^ -~]", "?");
  }
}
