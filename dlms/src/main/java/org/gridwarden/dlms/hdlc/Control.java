package org.gridwarden.dlms.hdlc;

/** The control field of a frame (IEC 62056-46, clause 6.4.3). Sequence numbers are modulo 8. */
sealed interface Control {
  /** The poll bit of a command, the final bit of a response. */
  int POLL_FINAL = 0x10;

  /** The poll bit of a command, the final bit of a response. */
  boolean poll();

  /** The field, 0 to 255. */
  int octet();

  /** What unnumbered frames are; the field without its poll or final bit. */
  enum Type {
    /** Set normal response mode: opens a connection, or opens it again. */
    SNRM(0x83),
    /** Ends a connection. */
    DISC(0x43),
    /** Acknowledges SNRM and DISC. */
    UA(0x63),
    /** There is no connection. */
    DM(0x0F),
    /** A frame came that repeating would not mend. */
    FRMR(0x87),
    /** Information outside the numbering. */
    UI(0x03);

    private final int field;

    Type(int field) {
      this.field = field;
    }

    Unnumbered with(boolean poll) {
      return new Unnumbered(this, poll);
    }
  }

  /** I: a numbered frame, and up to which number all of the other side's came. */
  record Information(int sent, int received, boolean poll) implements Control {
    @Override
    public int octet() {
      return received << 5 | bit(poll) | sent << 1;
    }
  }

  /** RR and RNR: up to which number all came, and whether more may be sent. */
  record Supervisory(boolean ready, int received, boolean poll) implements Control {
    @Override
    public int octet() {
      return received << 5 | bit(poll) | (ready ? 0x01 : 0x05);
    }
  }

  /** What stands outside the numbering. */
  record Unnumbered(Type type, boolean poll) implements Control {
    @Override
    public int octet() {
      return type.field | bit(poll);
    }
  }

  /** Anything else; REJ and SREJ, too, which COSEM does not use. */
  record Unknown(int octet) implements Control {
    @Override
    public boolean poll() {
      return (octet & POLL_FINAL) != 0;
    }
  }

  private static int bit(boolean poll) {
    return poll ? POLL_FINAL : 0;
  }

  /** What a field of 0 to 255 says. */
  static Control of(int octet) {
    boolean poll = (octet & POLL_FINAL) != 0;
    int high = octet >>> 5 & 7;
    if ((octet & 1) == 0) {
      return new Information(octet >>> 1 & 7, high, poll);
    }
    if ((octet & 0x0F) == 0x01 || (octet & 0x0F) == 0x05) {
      return new Supervisory((octet & 0x0F) == 0x01, high, poll);
    }
    for (Type type : Type.values()) {
      if (type.field == (octet & ~POLL_FINAL)) {
        return type.with(poll);
      }
    }
    return new Unknown(octet);
  }
}
