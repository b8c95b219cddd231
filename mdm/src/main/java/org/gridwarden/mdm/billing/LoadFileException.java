package org.gridwarden.mdm.billing;

/** A file of readings that cannot be used: the message names the line and the remedy. */
public final class LoadFileException extends Exception {
  private static final long serialVersionUID = 1L;

  LoadFileException(String message) {
    super(message);
  }
}
