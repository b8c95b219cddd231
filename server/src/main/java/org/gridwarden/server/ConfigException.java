package org.gridwarden.server;

import java.io.Serial;

/**
 * The configuration cannot be used. The message is one line: the place, what is wrong there, and
 * what to do.
 */
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Says what is wrong, and where. */
  public ConfigException(String message) {
    super(message);
  }

  /** The same, with what was found underneath. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
