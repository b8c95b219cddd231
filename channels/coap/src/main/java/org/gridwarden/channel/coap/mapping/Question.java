package org.gridwarden.channel.coap.mapping;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;

/** A request of HTTP, said in CoAP (RFC 8075). Pure functions. */
public sealed interface Question {
  /** How many validators of a client are looked at. */
  int MOST_TAGS = 8;

  /** The longest ETag of CoAP, in bytes (RFC 7252, clause 5.10). */
  int LONGEST_TAG = 8;

  /**
   * It can be asked.
   *
   * @param bare whether the answer goes without its body
   */
  record Asked(Request request, boolean bare) implements Question {}

  /** What there is at the proxy. */
  record Discovery(boolean bare) implements Question {}

  /** It cannot. */
  record Refused(int status, String why) implements Question {}

  /**
   * @param own which authority of CoAP URIs is the office's
   */
  static Question of(Incoming.Whole whole, Target.Authority own) {
    boolean read = whole.method().equals("GET") || whole.method().equals("HEAD");
    Optional<Code> code =
        switch (whole.method()) {
          case "GET", "HEAD" -> Optional.of(Code.GET);
          case "POST" -> Optional.of(Code.POST);
          case "PUT" -> Optional.of(Code.PUT);
          case "DELETE" -> Optional.of(Code.DELETE);
          default -> Optional.empty();
        };
    return switch (Target.of(whole.target(), own)) {
      case Target.Foreign _ ->
          new Refused(403, "this proxy asks its own office alone: coap://" + own.host());
      case Target.Malformed(String why) -> new Refused(400, why);
      case Target.Nothing _ -> new Refused(404, "look below " + Target.HOSTING);
      case Target.Discovery _ ->
          read
              ? new Discovery(whole.method().equals("HEAD"))
              : new Refused(501, "it can be read only");
      case Target.Resource resource ->
          code.isEmpty()
              ? new Refused(501, "CoAP has GET, POST, PUT and DELETE")
              : read && whole.body().length > 0
                  ? new Refused(400, "a question has no body")
                  : asked(code.get(), whole, resource);
    };
  }

  private static Question asked(Code code, Incoming.Whole whole, Target.Resource resource) {
    HttpHeaders headers = whole.headers();
    Request request = new Request(code, Type.CON);
    OptionSet options = request.getOptions();
    resource.path().forEach(options::addUriPath);
    resource.queries().forEach(options::addUriQuery);
    if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        && !"identity".equalsIgnoreCase(headers.get(HttpHeaderNames.CONTENT_ENCODING))) {
      return new Refused(415, "CoAP knows no compressed bodies");
    }
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (whole.body().length > 0) {
      request.setPayload(whole.body());
      if (type != null) {
        OptionalInt format = MediaTypes.format(type);
        if (format.isEmpty()) {
          return new Refused(415, "CoAP has no such content-format");
        }
        options.setContentFormat(format.getAsInt());
      }
    }
    if (headers.contains(HttpHeaderNames.ACCEPT)) {
      switch (MediaTypes.wanted(String.join(",", headers.getAll(HttpHeaderNames.ACCEPT)))) {
        case MediaTypes.Wanted.Any _ -> {}
        case MediaTypes.Wanted.Format(int format) -> options.setAccept(format);
        case MediaTypes.Wanted.Nothing _ -> {
          return new Refused(406, "CoAP has no such content-format");
        }
      }
    }
    for (String match : tags(headers, HttpHeaderNames.IF_MATCH)) {
      options.addIfMatch(match.equals("*") ? new byte[0] : tag(match).orElse(new byte[] {0}));
    }
    for (String none : tags(headers, HttpHeaderNames.IF_NONE_MATCH)) {
      if (code == Code.GET) {
        tag(none).ifPresent(options::addETag);
      } else {
        options.setIfNoneMatch(true);
      }
    }
    return new Asked(request, whole.method().equals("HEAD"));
  }

  private static List<String> tags(HttpHeaders headers, CharSequence name) {
    return Arrays.stream(String.join(",", headers.getAll(name)).split(",", MOST_TAGS + 1))
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .limit(MOST_TAGS)
        .toList();
  }

  /** The validator that a quoted one is, weak or strong: those of CoAP go in hexadecimal. */
  private static Optional<byte[]> tag(String quoted) {
    String text = quoted.startsWith("W/") ? quoted.substring(2) : quoted;
    if (!text.matches("\"([0-9a-f]{2}){1," + LONGEST_TAG + "}\"")) {
      return Optional.empty();
    }
    return Optional.of(HexFormat.of().parseHex(text.substring(1, text.length() - 1)));
  }
}
