package org.gridwarden.server;

import java.io.Serial;

/** The server cannot start. The message is one line: the place, what is wrong, and what to do. */
public final class ServerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Says what is wrong, and the remedy. */
  public ServerException(String message) {
    super(message);
  }

  /** The same, with what was found underneath. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
