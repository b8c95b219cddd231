package org.gridwarden.dlms;

/**
 * The security control byte, read as bit fields (IEC 62056-5-3, clause 9.2.7.2.4.1): bits 0 to 3
 * security suite, 4 authentication, 5 encryption, 6 key set (0 unicast, 1 broadcast), 7
 * compression.
 *
 * @param bits the byte, 0 to 255
 */
public record SecurityControl(int bits) {
  /** Suite 0, authenticated and encrypted, unicast key: what most pushes have. */
  public static final SecurityControl SUITE_0_AUTHENTICATED_ENCRYPTED = new SecurityControl(0x30);

  private static final int SUITE = 0x0F;
  private static final int AUTHENTICATION = 0x10;
  private static final int ENCRYPTION = 0x20;
  private static final int BROADCAST = 0x40;
  private static final int COMPRESSION = 0x80;

  /**
   * @throws IllegalArgumentException outside its range
   */
  public SecurityControl {
    Ranges.check(bits, 0, 255, "security control");
  }

  /** From its fields. */
  public static SecurityControl of(
      int suite, boolean authenticated, boolean encrypted, boolean broadcast) {
    Ranges.check(suite, 0, 2, "security suite");
    return new SecurityControl(
        suite
            | (authenticated ? AUTHENTICATION : 0)
            | (encrypted ? ENCRYPTION : 0)
            | (broadcast ? BROADCAST : 0));
  }

  /** The security suite; 0 to 2 are defined. */
  public int suite() {
    return bits & SUITE;
  }

  public boolean authenticated() {
    return (bits & AUTHENTICATION) != 0;
  }

  public boolean encrypted() {
    return (bits & ENCRYPTION) != 0;
  }

  /** Whether the broadcast encryption key is used instead of the unicast one. */
  public boolean broadcast() {
    return (bits & BROADCAST) != 0;
  }

  public boolean compressed() {
    return (bits & COMPRESSION) != 0;
  }

  /** How long the suite's keys are, in bytes. */
  int keyLength() {
    return suite() == 2 ? 32 : 16;
  }

  /** Refuses what this stack does not do. */
  void requireSupported(int offset) throws DlmsException {
    if (suite() > 2) {
      throw DlmsException.unsupported(
          offset, "security suite " + suite() + " is not defined; 0 to 2 are");
    }
    if (compressed()) {
      throw DlmsException.unsupported(
          offset, "the APDU is compressed (security control bit 7), which is not supported");
    }
  }

  /** {@code suite 0, authenticated, encrypted}. */
  @Override
  public String toString() {
    return "suite "
        + suite()
        + (authenticated() ? ", authenticated" : "")
        + (encrypted() ? ", encrypted" : "")
        + (authenticated() || encrypted() ? "" : ", unprotected")
        + (broadcast() ? ", broadcast key" : "")
        + (compressed() ? ", compressed" : "");
  }
}
