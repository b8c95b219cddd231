package org.gridwarden.mdm.loadfile;

/** A line that is not as the header says; the message says what and how to mend it. */
public final class BadLine extends Exception {
  private static final long serialVersionUID = 1L;

  BadLine(String message) {
    super(message, null, false, false);
  }
}
