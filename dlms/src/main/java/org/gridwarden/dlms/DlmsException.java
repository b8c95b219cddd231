package org.gridwarden.dlms;

/**
 * Bytes that are not what DLMS/COSEM says they should be, or that cannot be opened. Carries no
 * stack trace: hostile input would otherwise buy one a frame.
 */
public final class DlmsException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    /** The bytes break the encoding. */
    MALFORMED,
    /** Well formed, but outside what this stack does. */
    UNSUPPORTED,
    /** Tag, associated data or ciphertext is not what the key's owner made; never says which. */
    UNAUTHENTICATED,
    /** The key that would open it was not given, or has the wrong length. */
    NO_KEY
  }

  private final Kind kind;
  private final int offset;

  public DlmsException(Kind kind, int offset, String what) {
    super(what, null, false, false);
    this.kind = kind;
    this.offset = offset;
  }

  static DlmsException malformed(int offset, String what) {
    return new DlmsException(Kind.MALFORMED, offset, what);
  }

  static DlmsException unsupported(int offset, String what) {
    return new DlmsException(Kind.UNSUPPORTED, offset, what);
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** At which byte of the APDU, counted from 0. */
  public int offset() {
    return offset;
  }

  /** The message with its place: {@code byte 17: an array says 200 elements, 12 bytes are left}. */
  public String describe() {
    return "byte " + offset + ": " + getMessage();
  }
}
