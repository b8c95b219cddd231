package org.gridwarden.server;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.gridwarden.core.Fault;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * A problem document (RFC 9457) with the fault's own words.
 *
 * @param title the status in words
 * @param status the HTTP status
 * @param detail one sentence: the place and the remedy
 * @param code the fault's code
 * @param where the place
 * @param remedy what would mend it
 */
record Problem(
    String title, int status, String detail, Fault.Code code, String where, String remedy) {
  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(int status, Fault fault) {
    HttpStatus known = HttpStatus.resolve(status);
    return new Problem(
        known == null ? "Error" : known.getReasonPhrase(),
        status,
        fault.where() + ": " + fault.remedy(),
        fault.code(),
        fault.where(),
        fault.remedy());
  }

  /** Writes it as the whole answer, for where no controller is at work. */
  static void send(HttpServletResponse response, JsonMapper json, int status, Fault fault)
      throws IOException {
    response.setStatus(status);
    response.setContentType(MEDIA_TYPE);
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(json.writeValueAsBytes(of(status, fault)));
  }
}
