package org.gridwarden.dlms.capture;

/** A capture file that is not what its format says it should be. Carries no stack trace. */
public final class CaptureException extends Exception {
  private static final long serialVersionUID = 1L;
  private final long offset;
  private final String what;

  CaptureException(long offset, String what) {
    super(what, null, false, false);
    this.offset = offset;
    this.what = what;
  }

  /** What is wrong, one clause for a person. */
  public String what() {
    return what;
  }

  /** At which byte of the file, counted from 0. */
  public long offset() {
    return offset;
  }
}
