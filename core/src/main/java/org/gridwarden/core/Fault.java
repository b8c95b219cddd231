package org.gridwarden.core;

/**
 * What went wrong, where, and what to do: the one error model, also problem+json and the command
 * line's exit code.
 *
 * @param code the kind
 * @param where the place, as exactly as it is known
 * @param remedy what would mend it
 */
public record Fault(Code code, String where, String remedy) {
  /** The kinds of fault. */
  public enum Code {
    MALFORMED,
    UNAUTHENTICATED,
    REPLAYED,
    FORBIDDEN,
    UNKNOWN_METER,
    TIMEOUT,
    BUSY,
    CONFLICT,
    INTERNAL
  }
}
