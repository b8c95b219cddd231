package org.gridwarden.dlms.security;

/**
 * What protection requests and responses need at least: security_policy of Security setup, version
 * 1 (IEC 62056-6-2, class 64). Bits 2 to 4: requests are authenticated, encrypted, digitally
 * signed; 5 to 7: responses are.
 *
 * @param bits the byte, whose bits 0 and 1 are unused
 */
public record SecurityPolicy(int bits) {
  /** Which way an APDU goes. What a meter sends by itself is protected as a response. */
  public enum Direction {
    /** From the client to the meter. */
    REQUEST,
    /** From the meter to the client. */
    RESPONSE
  }

  /** Nothing is needed. */
  public static final SecurityPolicy NOTHING = new SecurityPolicy(0);

  /** Both ways authenticated and encrypted. */
  public static final SecurityPolicy AUTHENTICATED_ENCRYPTED = of(true, true, false);

  private static final int AUTHENTICATED = 0x04;
  private static final int ENCRYPTED = 0x08;
  private static final int SIGNED = 0x10;
  private static final int RESPONSE = 3;

  /**
   * @throws IllegalArgumentException where another bit is set
   */
  public SecurityPolicy {
    if ((bits & ~0xFC) != 0) {
      throw new IllegalArgumentException("a security policy has bits 2 to 7, not " + bits);
    }
  }

  /** The same both ways. */
  public static SecurityPolicy of(boolean authenticated, boolean encrypted, boolean signed) {
    int request =
        (authenticated ? AUTHENTICATED : 0) | (encrypted ? ENCRYPTED : 0) | (signed ? SIGNED : 0);
    return new SecurityPolicy(request | request << RESPONSE);
  }

  public boolean authenticates(Direction direction) {
    return has(AUTHENTICATED, direction);
  }

  public boolean encrypts(Direction direction) {
    return has(ENCRYPTED, direction);
  }

  public boolean signs(Direction direction) {
    return has(SIGNED, direction);
  }

  /** Whether it asks for all that another one asks for. */
  public boolean isAtLeast(SecurityPolicy other) {
    return (bits & other.bits) == other.bits;
  }

  /** The same without what it asks to be signed. */
  public SecurityPolicy unsigned() {
    return new SecurityPolicy(bits & ~(SIGNED | SIGNED << RESPONSE));
  }

  private boolean has(int request, Direction direction) {
    return (bits & (direction == Direction.REQUEST ? request : request << RESPONSE)) != 0;
  }
}
