package org.gridwarden.security.command;

/** Bytes that should be a command or a receipt are none, or are not genuine. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message, null, false, false);
  }
}
