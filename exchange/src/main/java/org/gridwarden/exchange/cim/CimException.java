package org.gridwarden.exchange.cim;

/** A message that is not done; becomes the Error of a ResponseMessage. */
public final class CimException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Code code;

  /** What kind of error, by the numbers of IEC 61968-9's annex as far as they are known here. */
  public enum Code {
    /** A header that lacks something. */
    HEADER("1.3"),
    /** A verb that is not done here. */
    VERB("1.6"),
    /** A noun that is not known here. */
    NOUN("1.8"),
    /** Something in it is not what it should be. */
    CONTENT("2.12"),
    /** A meter that is not known. */
    METER("2.4"),
    /** The caller may not. */
    FORBIDDEN("3.1"),
    /** It does not fit what is there. */
    CONFLICT("5.5"),
    /** It failed here. */
    FAILED("5.3");

    private final String number;

    Code(String number) {
      this.number = number;
    }

    /** As the message says it. */
    public String number() {
      return number;
    }
  }

  /**
   * @param message what is wrong, and the remedy
   */
  public CimException(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** What kind. */
  public Code code() {
    return code;
  }
}
