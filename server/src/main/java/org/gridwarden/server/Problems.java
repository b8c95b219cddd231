package org.gridwarden.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.stream.Collectors;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.tamper.CaseFault;
import org.gridwarden.headend.work.WorkFault;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.vee.VeeFault;
import org.gridwarden.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Makes problem documents of what controllers throw. What a client sent is not repeated. */
@RestControllerAdvice
class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ResponseEntity<Problem> fault(FaultException e) {
    HttpHeaders headers = new HttpHeaders();
    if (e.retryAfterSeconds() > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(e.retryAfterSeconds()));
    }
    return answer(e.status(), headers, e.fault());
  }

  /** A signature that does not fit, say, is no matter of who is logged in. */
  @ExceptionHandler
  ResponseEntity<Problem> fault(CommandFault e) {
    Fault.Code code = e.fault().code();
    int status = code == Fault.Code.UNAUTHENTICATED ? 409 : FaultException.status(code);
    return answer(status, HttpHeaders.EMPTY, e.fault());
  }

  @ExceptionHandler
  ResponseEntity<Problem> notTaken(DeskFault e) {
    Fault.Code code = e.fault().code();
    int status = code == Fault.Code.UNAUTHENTICATED ? 409 : FaultException.status(code);
    return answer(status, HttpHeaders.EMPTY, e.fault());
  }

  @ExceptionHandler
  ResponseEntity<Problem> cannotBe(CaseFault e) {
    return answer(FaultException.status(e.fault().code()), HttpHeaders.EMPTY, e.fault());
  }

  @ExceptionHandler
  ResponseEntity<Problem> cannotBe(WorkFault e) {
    return answer(FaultException.status(e.fault().code()), HttpHeaders.EMPTY, e.fault());
  }

  @ExceptionHandler
  ResponseEntity<Problem> cannotBe(VeeFault e) {
    return answer(FaultException.status(e.fault().code()), HttpHeaders.EMPTY, e.fault());
  }

  /** What does not fit what is stored; a failure of the database itself is the server's. */
  @ExceptionHandler
  ResponseEntity<Problem> refused(StoreException e, HttpServletRequest request) {
    return e.fault().code() == Fault.Code.INTERNAL
        ? internal(e, request)
        : answer(FaultException.status(e.fault().code()), HttpHeaders.EMPTY, e.fault());
  }

  @ExceptionHandler
  ResponseEntity<Problem> unreadable(HttpMessageNotReadableException e) {
    String where = "body";
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof LimitedBody.TooLargeException large) {
        return fault(BodyLimits.tooLarge(large.most()));
      }
    }
    if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
      // not by its name: in a body that is mixed up it may be a secret
      return malformed(where, "has a field that is not one of " + known(unknown));
    }
    if (e.getCause() instanceof DatabindException bound && !bound.getPath().isEmpty()) {
      where = bound.getPathReference().replaceAll(".*\\[\"([^\"]*)\"\\]$", "$1");
      if (!where.matches("[A-Za-z_]{1,24}")) {
        where = "body"; // a key of the client's own making
      }
      return malformed(where, "is not a field or value that is known here");
    }
    if (e.getCause() instanceof JacksonException json && json.getLocation() != null) {
      where = "body, line " + json.getLocation().getLineNr();
    }
    return malformed(where, "is not the JSON that is expected here");
  }

  private static String known(UnrecognizedPropertyException unknown) {
    var names = unknown.getKnownPropertyIds();
    return names == null
        ? "those that are known here"
        : names.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }

  @ExceptionHandler
  ResponseEntity<Problem> missing(MissingServletRequestParameterException e) {
    return malformed(e.getParameterName(), "is missing");
  }

  @ExceptionHandler
  ResponseEntity<Problem> mistyped(MethodArgumentTypeMismatchException e) {
    Class<?> type = e.getRequiredType();
    String wanted =
        type == null
            ? "of another type"
            : "a " + type.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    return malformed(e.getName(), "is " + wanted);
  }

  /** The client went away. */
  @ExceptionHandler
  void gone(AsyncRequestNotUsableException e) {
    LOG.debug("a client went away: {}", e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<Problem> anything(Exception e, HttpServletRequest request) {
    if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
      int status = known.getStatusCode().value();
      String where = request.getMethod() + " " + request.getServletPath();
      String what =
          switch (status) {
            case 404 -> "there is nothing here";
            case 405 -> "this is not done here with " + request.getMethod();
            case 406 -> "this is not made in the form that Accept asks for";
            case 415 -> "the body's Content-Type is not taken here";
            default -> "the request is not understood";
          };
      return answer(status, known.getHeaders(), new Fault(Fault.Code.MALFORMED, where, what));
    }
    return internal(e, request);
  }

  private static ResponseEntity<Problem> internal(Exception e, HttpServletRequest request) {
    String reference = UUID.randomUUID().toString().substring(0, 8);
    LOG.error(
        "{} {} failed, reference {}", request.getMethod(), request.getServletPath(), reference, e);
    return answer(
        500,
        HttpHeaders.EMPTY,
        new Fault(
            Fault.Code.INTERNAL,
            "server",
            "this failed here; the log says why under reference " + reference));
  }

  private static ResponseEntity<Problem> malformed(String where, String what) {
    return answer(400, HttpHeaders.EMPTY, new Fault(Fault.Code.MALFORMED, where, what));
  }

  private static ResponseEntity<Problem> answer(int status, HttpHeaders headers, Fault fault) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
        .body(Problem.of(status, fault));
  }
}
