package org.gridwarden.dlms;

/** What stands at one place in a stream, as one framing sees it. */
sealed interface Found {
  More MORE = new More();
  Nothing NOTHING = new Nothing();

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
   * A good frame. Filled anew by each scan that finds one, so that a stream of tiny frames costs no
   * garbage: hostile input of 64 KiB may hold 7,000 of them (C39).
   */
  final class Frame implements Found {
    private final HdlcFrameScanner hdlc = new HdlcFrameScanner();
    private LinkInfo link = LinkInfo.RAW;
    private int length;
    private int from;
    private int to;
    private boolean more;
    private int sequence;
    private int sequences;

    /** Where HDLC frames are looked at. */
    HdlcFrameScanner hdlc() {
      return hdlc;
    }

    /** How it came. The same object as before where the addresses are the same. */
    LinkInfo link() {
      return link;
    }

    /** How many bytes it takes up in the stream. */
    int length() {
      return length;
    }

    /** Where its information field begins in the buffer. */
    int from() {
      return from;
    }

    /** Where that ends, exclusive. */
    int to() {
      return to;
    }

    /** Whether segments follow. */
    boolean more() {
      return more;
    }

    /** Its number among the segments, or -1 where the link does not number them. */
    int sequence() {
      return sequence;
    }

    /** How many numbers there are before they begin again. */
    int sequences() {
      return sequences;
    }

    Frame link(LinkInfo.Kind kind, LinkAddress source, LinkAddress destination) {
      boolean same =
          link.kind() == kind
              && link.source().equals(source)
              && link.destination().equals(destination);
      if (!same) {
        link = kind == LinkInfo.Kind.RAW ? LinkInfo.RAW : new LinkInfo(kind, source, destination);
      }
      return this;
    }

    Frame place(int newLength, int newFrom, int newTo) {
      length = newLength;
      from = newFrom;
      to = newTo;
      return segment(false, -1, 1);
    }

    Frame segment(boolean moreFollow, int number, int numbers) {
      more = moreFollow;
      sequence = number;
      sequences = numbers;
      return this;
    }
  }
}
