package org.gridwarden.channel.coap.mapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/**
 * An answer of HTTP. Holds its body without copying.
 *
 * @param status RFC 9110's
 * @param fields but length, date and connection
 * @param body of length 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
public record Reply(int status, List<Field> fields, byte[] body) {
  private static final long USUAL_AGE = 60; // RFC 7252, clause 5.10.5
  private static final byte[] NOTHING = {};
  private static final String TEXT = "text/plain;charset=utf-8";

  /** A field, its name in small letters. */
  public record Field(String name, String value) {}

  public Reply {
    fields = List.copyOf(fields);
  }

  /** What the proxy itself says. */
  public static Reply of(int status, String words) {
    return new Reply(
        status,
        List.of(new Field("content-type", TEXT), new Field("cache-control", "no-store")),
        (words + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** What there is at the proxy (RFC 8075, clause 5.5). */
  public static Reply discovery() {
    return new Reply(
        200,
        List.of(new Field("content-type", MediaTypes.type(40))),
        ("<" + Target.HOSTING + ">;rt=\"core.hc\"").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * An answer of CoAP, said in HTTP.
   *
   * @param request to which it is one
   */
  public static Reply of(Request request, Response response, Target.Authority own) {
    OptionSet options = response.getOptions();
    byte[] body = response.getPayload() == null ? NOTHING : response.getPayload();
    int status = status(request, response.getCode(), body.length > 0);
    List<Field> fields = new ArrayList<>();
    boolean said = status != 204 && status != 304;
    if (options.hasContentFormat() && said) {
      fields.add(new Field("content-type", MediaTypes.type(options.getContentFormat())));
    } else if (body.length > 0 && said) {
      // words for people (RFC 7252, clause 5.5.2), or what nobody says the type of
      fields.add(new Field("content-type", response.isError() ? TEXT : MediaTypes.type(42)));
    }
    for (byte[] tag : options.getETags()) {
      fields.add(new Field("etag", "\"" + HexFormat.of().formatHex(tag) + "\""));
    }
    long age = options.hasMaxAge() ? options.getMaxAge() : USUAL_AGE;
    if (status == 503) {
      fields.add(new Field("retry-after", Long.toString(age)));
    }
    if (response.isError()) {
      fields.add(new Field("cache-control", "no-store"));
    } else if (request.getCode() == Code.GET) {
      fields.add(new Field("cache-control", "max-age=" + age));
    }
    if (response.getCode() == ResponseCode.CREATED && options.getLocationPathCount() > 0) {
      fields.add(new Field("location", location(own) + options.getLocationPathString()));
    }
    return new Reply(status, fields, said ? body : NOTHING);
  }

  private static String location(Target.Authority own) {
    return Target.HOSTING
        + "coap://"
        + own.host()
        + (own.port() == Target.PORT ? "" : ":" + own.port())
        + "/";
  }

  /** RFC 8075, table 2; those of RFC 8132 and RFC 8516 by their names. */
  private static int status(Request request, ResponseCode code, boolean body) {
    return switch (code) {
      case CREATED -> 201;
      case DELETED, CHANGED -> body ? 200 : 204;
      case VALID -> 304; // nothing is validated but by the client's own wish
      case CONTENT -> 200;
      case BAD_REQUEST -> 400;
      case UNAUTHORIZED -> 403; // HTTP's 401 would have to say how to log in
      // what the client asked for by If-Match or If-None-Match, else what was made here
      case BAD_OPTION ->
          request.getOptions().getIfMatchCount() > 0 || request.getOptions().hasIfNoneMatch()
              ? 400
              : 500;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 400; // HTTP's 405 would have to say what is allowed
      case NOT_ACCEPTABLE -> 406;
      case CONFLICT -> 409;
      case PRECONDITION_FAILED -> 412;
      case REQUEST_ENTITY_TOO_LARGE -> 413;
      case UNSUPPORTED_CONTENT_FORMAT -> 415;
      case UNPROCESSABLE_ENTITY -> 422;
      case TOO_MANY_REQUESTS -> 429;
      case INTERNAL_SERVER_ERROR -> 500;
      case NOT_IMPLEMENTED -> 501;
      case BAD_GATEWAY, PROXY_NOT_SUPPORTED -> 502;
      case SERVICE_UNAVAILABLE -> 503;
      case GATEWAY_TIMEOUT -> 504;
      // nothing is cut here, so these are the proxy's own fault
      case CONTINUE, REQUEST_ENTITY_INCOMPLETE, _UNKNOWN_SUCCESS_CODE -> 502;
    };
  }
}
