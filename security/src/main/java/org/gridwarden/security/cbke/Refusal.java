package org.gridwarden.security.cbke;

import java.util.Optional;

/** Why a key establishment is ended, as the partner is told (07-5356, clause C.3.1.2.3.5). */
public enum Refusal {
  UNKNOWN_ISSUER(1),
  BAD_KEY_CONFIRM(2),
  BAD_MESSAGE(3),
  NO_RESOURCES(4),
  UNSUPPORTED_SUITE(5),
  INVALID_CERTIFICATE(6);

  private final int code;

  Refusal(int code) {
    this.code = code;
  }

  /** Its number on the wire. */
  public int code() {
    return code;
  }

  /** What a number stands for; empty where nobody gave it a meaning. */
  public static Optional<Refusal> of(int code) {
    for (Refusal refusal : values()) {
      if (refusal.code == code) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }
}
