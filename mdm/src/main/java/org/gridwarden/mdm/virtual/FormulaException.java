package org.gridwarden.mdm.virtual;

/** A formula that cannot be used: the message names the place and the remedy. */
public final class FormulaException extends Exception {
  private static final long serialVersionUID = 1L;

  FormulaException(String message) {
    super(message);
  }
}
