package org.gridwarden.security.oscore;

/** Bytes that should be protected by OSCORE are not, or not by who they say. */
public final class OscoreException extends Exception {
  private static final long serialVersionUID = 1L;

  public OscoreException(String message) {
    super(message, null, false, false);
  }
}
