package org.gridwarden.dlms;

/** What stands at one place in a stream, as one framing sees it. */
sealed interface Found {
  /** It may become a frame: more bytes are needed to tell. */
  record More() implements Found {}

  /** No frame begins here. Not worth a word to anybody. */
  record Nothing() implements Found {}

  /**
   * Good bytes that carry no APDU: flags, supervisory frames.
   *
   * @param length how many
   */
  record Idle(int length) implements Found {}

  /**
   * A frame that is damaged.
   *
   * @param what what is wrong
   * @param extent how long the frame claims to be: further faults within are not reported
   * @param skip how many bytes are surely part of it and need not be looked at again; at least 1
   */
  record Damaged(String what, int extent, int skip) implements Found {}

  /**
   * A good frame.
   *
   * @param length how many bytes it takes up in the stream
   * @param link how it came
   * @param from where its information field begins in the buffer
   * @param to where that ends, exclusive
   * @param more whether segments follow
   * @param sequence its number among the segments, or -1 where the link does not number them
   * @param sequences how many numbers there are before they begin again
   */
  record Frame(
      int length, LinkInfo link, int from, int to, boolean more, int sequence, int sequences)
      implements Found {}

  More MORE = new More();
  Nothing NOTHING = new Nothing();
}
