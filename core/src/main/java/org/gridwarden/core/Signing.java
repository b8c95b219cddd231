package org.gridwarden.core;

/** In which form a meter has an operator's signature checked: one order bears one signature. */
public enum Signing {
  /** COSE_Sign1 over the order: at the meter's command desk, or at the last gate before it. */
  COSE("COSE_Sign1"),
  /**
   * DLMS general-signing over the request that does it, in suite 1: by the meter itself, for which
   * the operator is a third party and the head-end the client that carries.
   */
  DLMS("DLMS general-signing");

  private final String words;

  Signing(String words) {
    this.words = words;
  }

  /** For a person. */
  public String words() {
    return words;
  }
}
