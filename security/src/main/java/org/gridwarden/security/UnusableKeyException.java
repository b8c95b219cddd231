package org.gridwarden.security;

/**
 * A wrapped key could not be opened: wrapped to another office's key, damaged, or moved from
 * another meter's row. Its message never holds key bytes, nor which check failed.
 */
public final class UnusableKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableKeyException(String message) {
    super(message);
  }
}
