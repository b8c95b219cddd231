package org.gridwarden.channel.sip;

/** What came is no message of SIP, or asks for what is not done here. */
final class SipException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status how a request is answered that can be
   * @param why for people
   */
  SipException(int status, String why) {
    super(why);
    this.status = status;
  }

  /** Something that is not written as it must be. */
  static SipException malformed(String why) {
    return new SipException(400, why);
  }

  int status() {
    return status;
  }
}
