package org.gridwarden.dlms.capture;

/** What a capture holds, one thing after another. */
public sealed interface CaptureEvent {
  /** A message. */
  record Said(Followed message) implements CaptureEvent {}

  /**
   * Bytes that are damaged, missing, or not genuine.
   *
   * @param place where: the packet or line, and the byte
   * @param what what is wrong, one clause for a person
   */
  record Problem(String place, String what) implements CaptureEvent {}

  /** Something that is no fault and worth knowing: packets that came twice, other traffic. */
  record Note(String what) implements CaptureEvent {}
}
