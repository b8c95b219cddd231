package org.gridwarden.dlms.hdlc;

/**
 * Why a frame is rejected (FRMR; ISO/IEC 13239, clause 5.5.3.4.2): the rejected control field, the
 * numbers of the side that rejects, and the reason.
 */
enum FrameReject {
  /** W: the control field is undefined or not implemented. */
  CONTROL(0x01, "the control field is unknown"),
  /** X: information where none is allowed. W is set with it. */
  INFORMATION(0x03, "the frame may not carry information"),
  /** Y: more information than was agreed upon. */
  LENGTH(0x04, "the information is too long"),
  /** Z: an acknowledgement of what was never sent. */
  NUMBER(0x08, "the acknowledgement is wrong");

  private final int reason;
  private final String words;

  FrameReject(int reason, String words) {
    this.reason = reason;
    this.words = words;
  }

  /**
   * The information field.
   *
   * @param control the rejected control field
   * @param next V(S) of the side that rejects
   * @param expected V(R) of it
   */
  byte[] encode(int control, int next, int expected) {
    // a command is rejected: C/R, bit 4, stays 0
    return new byte[] {(byte) control, (byte) (expected << 5 | next << 1), (byte) reason};
  }

  /** For a person. */
  static String describe(byte[] information) {
    StringBuilder text = new StringBuilder("the meter rejects a frame (FRMR)");
    int reasons = information.length == 3 ? information[2] & 0x0F : 0;
    String between = ": ";
    for (FrameReject reject : values()) {
      boolean within = reject == CONTROL && (reasons & INFORMATION.reason) == INFORMATION.reason;
      if ((reasons & reject.reason) == reject.reason && !within) {
        text.append(between).append(reject.words);
        between = ", ";
      }
    }
    return text.toString();
  }
}
