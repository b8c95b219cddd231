package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Joins the segments of HDLC and M-Bus, then the blocks of general block transfers. One segmented
 * APDU is under way at a time, since a line's segments follow one another; transfers are kept per
 * pair of addresses, at most {@link #MAX_TRANSFERS} of them.
 */
final class Joins {
  private static final int MAX_TRANSFERS = 4;

  /** No APDU is shorter: a release request is 62 00. */
  private static final int MIN_APDU = 2;

  private static final byte[] EMPTY = {};

  private final int maxApdu;
  private final Queue<LinkEvent> out;
  private final List<Transfer> transfers = new ArrayList<>(0);

  private boolean open;
  private LinkInfo link = LinkInfo.RAW;
  private long start;
  private byte[] segments = EMPTY;
  private int size;
  private int lastFrom;
  private int lastSequence;

  /** One sender's block transfer and where its first block stood. */
  private static final class Transfer {
    private final GeneralBlockTransfer blocks;
    private LinkInfo link;
    private long start;

    Transfer(int maxApdu, LinkInfo link) {
      this.link = link;
      this.blocks = new GeneralBlockTransfer(maxApdu);
    }
  }

  Joins(int maxApdu, Queue<LinkEvent> out) {
    this.maxApdu = maxApdu;
    this.out = out;
  }

  boolean isIdle() {
    return !open && transfers.stream().allMatch(t -> t.blocks.pending() == 0);
  }

  /** Gives up segments that wait for others, and says so where there are any. */
  void abandonSegments(String why) {
    if (open) {
      out.add(new LinkEvent.Bad(start, why));
      close();
    }
  }

  /** Gives up all that is unfinished, and says so. */
  void abandon() {
    abandonSegments("the input ends before the last segment");
    for (Transfer transfer : transfers) {
      if (transfer.blocks.pending() > 0) {
        out.add(new LinkEvent.Bad(transfer.start, "the input ends before the last transfer block"));
      }
    }
    transfers.clear();
  }

  void take(Found.Frame frame, byte[] buf, long offset) {
    boolean numbered = frame.sequence() >= 0;
    if (open && !frame.link().equals(link)) {
      abandonSegments("a segment was lost");
    } else if (open && numbered && frame.sequence() == lastSequence && isLast(frame, buf)) {
      return; // doubled
    } else if (open && numbered && frame.sequence() != (lastSequence + 1) % frame.sequences()) {
      abandonSegments("a segment was lost");
    }
    if (open) {
      continued(frame, buf);
    } else {
      begun(frame, buf, offset);
    }
  }

  private void begun(Found.Frame frame, byte[] buf, long offset) {
    int from = frame.from() + (Llc.at(buf, frame.from(), frame.to()) ? Llc.LENGTH : 0);
    // M-Bus segments are numbered from 0; HDLC's numbers run on through the connection
    boolean headless = frame.link().kind() == LinkInfo.Kind.MBUS && frame.sequence() != 0;
    boolean empty = frame.to() - from < (frame.more() ? 1 : MIN_APDU);
    if (headless || empty || !RawApdus.plausible(buf[from])) {
      out.add(new LinkEvent.Bad(offset, "no APDU begins in this frame"));
    } else if (frame.more()) {
      open = true;
      link = frame.link();
      start = offset;
      size = 0;
      append(frame, buf, from);
    } else {
      whole(frame.link(), Arrays.copyOfRange(buf, from, frame.to()), offset);
    }
  }

  private void continued(Found.Frame frame, byte[] buf) {
    if (frame.to() - frame.from() > maxApdu - size) {
      abandonSegments("segments join to more than the greatest APDU");
      return;
    }
    append(frame, buf, frame.from());
    if (!frame.more()) {
      byte[] apdu = Arrays.copyOf(segments, size);
      close();
      whole(link, apdu, start);
    }
  }

  private void append(Found.Frame frame, byte[] buf, int from) {
    int length = frame.to() - from;
    if (segments.length < size + length) {
      segments = Arrays.copyOf(segments, Math.max(size + length, segments.length * 2));
    }
    System.arraycopy(buf, from, segments, size, length);
    lastFrom = size;
    size += length;
    lastSequence = frame.sequence();
  }

  private boolean isLast(Found.Frame frame, byte[] buf) {
    return Arrays.equals(buf, frame.from(), frame.to(), segments, lastFrom, size);
  }

  private void close() {
    open = false;
    segments = EMPTY;
    size = 0;
  }

  private void whole(LinkInfo from, byte[] apdu, long offset) {
    if (!GeneralBlockTransfer.isBlock(apdu)) {
      out.add(new LinkEvent.Pdu(from, apdu, offset));
      return;
    }
    Transfer transfer = transfer(from);
    if (transfer.blocks.pending() == 0) {
      transfer.start = offset;
    }
    switch (transfer.blocks.accept(apdu)) {
      case GeneralBlockTransfer.Result.Complete(byte[] joined) when joined.length < MIN_APDU ->
          out.add(new LinkEvent.Bad(offset, "transfer blocks join to no APDU"));
      case GeneralBlockTransfer.Result.Complete(byte[] joined) ->
          out.add(new LinkEvent.Pdu(from, joined, transfer.start));
      case GeneralBlockTransfer.Result.Broken(String what) ->
          out.add(new LinkEvent.Bad(offset, what));
      case GeneralBlockTransfer.Result.Pending _ -> {}
    }
  }

  /**
   * The transfer between these two; the one that began first gives way where there are too many.
   */
  private Transfer transfer(LinkInfo from) {
    for (int i = 0; i < transfers.size(); i++) { // no iterator: this runs once a block
      if (transfers.get(i).link.equals(from)) {
        return transfers.get(i);
      }
    }
    if (transfers.size() < MAX_TRANSFERS) {
      Transfer transfer = new Transfer(maxApdu, from);
      transfers.add(transfer);
      return transfer;
    }
    Transfer oldest = transfers.get(0);
    for (int i = 1; i < transfers.size(); i++) {
      oldest = transfers.get(i).start < oldest.start ? transfers.get(i) : oldest;
    }
    if (oldest.blocks.pending() > 0) {
      out.add(new LinkEvent.Bad(oldest.start, "a block transfer was given up for newer ones"));
    }
    oldest.blocks.reset();
    oldest.link = from;
    return oldest;
  }
}
