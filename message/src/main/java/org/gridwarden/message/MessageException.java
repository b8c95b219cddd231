package org.gridwarden.message;

/** Bytes that should be a message are none, or are not genuine. Says nothing of a key. */
public final class MessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    /** No message, or not one as ADR 33 has it. */
    MALFORMED,
    /** A message of a kind that is not taken here. */
    UNSUPPORTED,
    /** Not by who it says it is from; which bit was wrong is not told. */
    UNAUTHENTICATED
  }

  private final Kind kind;

  public MessageException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** Something that is no message. */
  public static MessageException malformed(String message) {
    return new MessageException(Kind.MALFORMED, message);
  }

  /** Something that is not taken. */
  public static MessageException unsupported(String message) {
    return new MessageException(Kind.UNSUPPORTED, message);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }
}
