package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.core.Fault;

/**
 * What went wrong, by the one error model, with the status that HTTP has for it.
 *
 * @param status RFC 9110's
 * @param fault what, where and what to do
 */
record Problem(int status, Fault fault) {
  static Problem of(int status, Fault.Code code, String where, String remedy) {
    return new Problem(status, new Fault(code, where, remedy));
  }

  /** A fault that intake tells of. */
  static Problem of(Fault fault) {
    return new Problem(
        switch (fault.code()) {
          case MALFORMED -> 400;
          case UNAUTHENTICATED, FORBIDDEN -> 403;
          case UNKNOWN_METER -> 404;
          case REPLAYED, CONFLICT -> 409;
          case TIMEOUT, BUSY -> 503;
          case INTERNAL -> 500;
        },
        fault);
  }

  Response response(Format format) {
    HttpResponseStatus known = HttpResponseStatus.valueOf(status);
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("detail", fault.where() + ": " + fault.remedy());
    words.put("code", fault.code());
    words.put("where", fault.where());
    words.put("remedy", fault.remedy());
    return Response.of(
            status, format.problemType(), format.problem(status, known.reasonPhrase(), words))
        .with("cache-control", "no-store");
  }

  Response response() {
    return response(Format.JSON);
  }
}
