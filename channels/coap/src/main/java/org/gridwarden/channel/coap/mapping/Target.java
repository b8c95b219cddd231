package org.gridwarden.channel.coap.mapping;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a request of HTTP is about: the CoAP URI after {@code /hc/} (RFC 8075, clause 5.3, the
 * default mapping and the one without a colon). Pure functions.
 */
public sealed interface Target {
  /** Below which the CoAP URIs stand. */
  String HOSTING = "/hc/";

  /** The port of CoAP URIs that name none (RFC 7252, clause 6.1). */
  int PORT = 5683;

  /** How many segments, and how many queries, are looked at. */
  int MOST_PARTS = 16;

  /** The longest of each, in bytes (RFC 7252, clause 5.10). */
  int LONGEST_PART = 255;

  /**
   * One of the office's own resources.
   *
   * @param path its segments, decoded
   * @param queries decoded
   */
  record Resource(List<String> path, List<String> queries) implements Target {
    public Resource {
      path = List.copyOf(path);
      queries = List.copyOf(queries);
    }
  }

  /** What there is at the proxy itself (RFC 8075, clause 5.5). */
  record Discovery() implements Target {}

  /** Nothing here. */
  record Nothing() implements Target {}

  /** Another host's, or another scheme's: never asked for. */
  record Foreign() implements Target {}

  /** No URI. */
  record Malformed(String why) implements Target {}

  /**
   * As which the office is named in CoAP URIs.
   *
   * @param host a name or an address, in small letters
   */
  record Authority(String host, int port) {
    /**
     * @throws IllegalArgumentException where it is none
     */
    public static Authority of(String text) {
      int from = text.startsWith("[") ? Math.max(0, text.indexOf(']')) : 0;
      int colon = text.indexOf(':', from);
      if (from > 0 && colon != from + 1) {
        colon = -1;
      }
      String host = colon < 0 ? text : text.substring(0, colon);
      if (host.isEmpty() || host.indexOf('@') >= 0 || host.indexOf('/') >= 0) {
        throw new IllegalArgumentException("an authority is a host, or host:port");
      }
      int port = colon >= 0 ? Integer.parseInt(text.substring(colon + 1)) : PORT;
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("a port is 1 to 65535");
      }
      return new Authority(host.toLowerCase(Locale.ROOT), port);
    }
  }

  /**
   * Reads a request's target (RFC 9112, clause 3.2).
   *
   * @param own which authority is the office's
   */
  static Target of(String target, Authority own) {
    if (!target.startsWith("/")) {
      return new Foreign(); // the absolute form is how a proxy for everything is asked
    }
    int mark = target.indexOf('?');
    String before = mark < 0 ? target : target.substring(0, mark);
    if (before.equals("/.well-known/core")) {
      return new Discovery();
    }
    if (!before.startsWith(HOSTING)) {
      return new Nothing();
    }
    String uri = before.substring(HOSTING.length());
    String small = uri.toLowerCase(Locale.ROOT);
    int scheme = small.startsWith("coap://") ? 7 : small.startsWith("coap/") ? 5 : 0;
    if (scheme == 0) {
      return uri.isEmpty() ? new Nothing() : new Foreign();
    }
    String rest = uri.substring(scheme);
    int slash = rest.indexOf('/');
    try {
      String authority = decoded(slash < 0 ? rest : rest.substring(0, slash));
      if (!isOwn(authority, own)) {
        return new Foreign();
      }
      String path = slash < 0 ? "" : rest.substring(slash + 1);
      List<String> segments = parts(path, "/");
      if (segments.contains(".") || segments.contains("..")) {
        return new Malformed("a path goes straight on");
      }
      return new Resource(segments, parts(mark < 0 ? "" : target.substring(mark + 1), "&"));
    } catch (IllegalArgumentException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isOwn(String authority, Authority own) {
    try {
      return Authority.of(authority).equals(own);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> parts(String text, String between) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    for (String encoded : text.split(Pattern.quote(between), -1)) {
      String part = decoded(encoded);
      if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
        throw new IllegalArgumentException("a segment has 255 bytes at most");
      }
      parts.add(part);
      if (parts.size() > MOST_PARTS) {
        throw new IllegalArgumentException("it has too many segments");
      }
    }
    return parts;
  }

  /** Without percent-encoding (RFC 3986, clause 2.1), strictly. */
  private static String decoded(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean there = i + 2 < text.length();
        int high = there ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = there ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new IllegalArgumentException(
              "a percent sign is followed by two hexadecimal digits");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException("a URI has letters, digits and signs of ASCII");
      } else {
        bytes.put((byte) c);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not in UTF-8", e);
    }
  }
}
