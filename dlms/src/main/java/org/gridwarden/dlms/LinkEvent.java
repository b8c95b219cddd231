package org.gridwarden.dlms;

/** What a {@link LinkDecoder} found in a stream of bytes. */
public sealed interface LinkEvent {
  /** Where it began, counted in bytes from the stream's first one. */
  long offset();

  /**
   * A whole APDU: link headers and LLC stripped, segments and transfer blocks joined.
   *
   * @param link how it came
   * @param apdu its bytes, not copied: whoever takes the event owns them
   * @param offset where its first frame began
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
  record Pdu(LinkInfo link, byte[] apdu, long offset) implements LinkEvent {}

  /**
   * Bytes that are no good frame. The decoder has gone on behind them. One event stands for a whole
   * run of noise.
   *
   * @param offset where the damaged frame or the noise began
   * @param what what is wrong, one clause for a person, without any of the bytes
   */
  record Bad(long offset, String what) implements LinkEvent {}
}
