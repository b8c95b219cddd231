package org.gridwarden.dlms.companion;

/**
 * A client that a meter knows.
 *
 * @param name what its companion specification calls it
 * @param number its client address (SAP), 1 to 127 on a usual link
 * @param level how it proves itself
 */
public record Client(String name, int number, Level level) {
  /** How a client proves itself (IEC 62056-5-3, clause 9.2.7.1.2). */
  public enum Level {
    /** Not at all: lowest level security. */
    NONE,
    /** By a password: low level security. */
    LLS,
    /** By GMAC, both ways, everything ciphered: high level security 5. */
    GMAC
  }
}
