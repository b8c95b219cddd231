package org.gridwarden.security.audit;

/**
 * What should be a log, a checkpoint or a proof is none, or does not hold; the message says where.
 */
public final class LogException extends Exception {
  private static final long serialVersionUID = 1L;

  public LogException(String message) {
    super(message, null, false, false);
  }
}
