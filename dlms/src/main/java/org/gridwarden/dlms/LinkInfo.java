package org.gridwarden.dlms;

import java.util.Locale;

/**
 * On which link an APDU came, and between whom.
 *
 * @param kind which framing
 * @param source who sent it
 * @param destination whom it is for
 */
public record LinkInfo(Kind kind, LinkAddress source, LinkAddress destination) {
  /** An APDU that came without any framing. */
  public static final LinkInfo RAW = new LinkInfo(Kind.RAW, LinkAddress.NONE, LinkAddress.NONE);

  /** The framings that carry COSEM. */
  public enum Kind {
    HDLC,
    WRAPPER,
    MBUS,
    RAW;

    /** Its word in configurations and in JSON: {@code hdlc} and so on. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code hdlc 103 > 1}, {@code raw}. */
  @Override
  public String toString() {
    return kind == Kind.RAW ? kind.word() : kind.word() + " " + source + " > " + destination;
  }
}
