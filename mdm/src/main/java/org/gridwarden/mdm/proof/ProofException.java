package org.gridwarden.mdm.proof;

/** A file is no bill with its proof; the message names the place. */
public final class ProofException extends Exception {
  private static final long serialVersionUID = 1L;

  ProofException(String where, String what) {
    super(where + ": " + what);
  }
}
