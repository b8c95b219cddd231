package org.gridwarden.server;

import java.io.Serial;
import org.gridwarden.core.Fault;

/** A request that cannot be met; becomes a problem document (RFC 9457). */
final class FaultException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Fault fault;
  private final int status;
  private final int retryAfterSeconds;

  FaultException(Fault.Code code, String where, String remedy) {
    this(new Fault(code, where, remedy), status(code), 0);
  }

  private FaultException(Fault fault, int status, int retryAfterSeconds) {
    super(fault.where() + ": " + fault.remedy(), null, false, false);
    this.fault = fault;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Too many of something; try again after so many seconds. */
  static FaultException tooMany(String where, String remedy, int retryAfterSeconds) {
    return new FaultException(
        new Fault(Fault.Code.BUSY, where, remedy), 429, Math.max(1, retryAfterSeconds));
  }

  /** There is no such thing. */
  static FaultException notFound(String where, String remedy) {
    return new FaultException(new Fault(Fault.Code.MALFORMED, where, remedy), 404, 0);
  }

  /** The body is too large. */
  static FaultException tooLarge(String where, String remedy) {
    return new FaultException(new Fault(Fault.Code.MALFORMED, where, remedy), 413, 0);
  }

  Fault fault() {
    return fault;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** 0 where none is to be told. */
  int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  static int status(Fault.Code code) {
    return switch (code) {
      case MALFORMED -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case UNKNOWN_METER -> 404;
      case REPLAYED, CONFLICT -> 409;
      case BUSY -> 503;
      case TIMEOUT -> 504;
      case INTERNAL -> 500;
    };
  }
}
