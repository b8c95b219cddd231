package org.gridwarden.store;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.gridwarden.core.MessageId;

/** Gathers a batch's raw messages into one compressed segment and its index rows. */
final class EvidenceWriter {
  private static final int SAMPLE = 1 << 14;

  /** A message's index row. */
  record Entry(int meter, MessageId id, boolean counted, int place, int length) {}

  private final ByteArrayOutputStream raw = new ByteArrayOutputStream(1 << 14);
  private final List<Entry> entries = new ArrayList<>();

  /** Returns where in the segment the message begins. */
  int add(int meter, MessageId id, boolean counted, byte[] message) {
    int place = raw.size();
    entries.add(new Entry(meter, id, counted, place, message.length));
    raw.writeBytes(message);
    return place;
  }

  static long nextSegment(Connection c) throws SQLException {
    try (var s = c.prepareStatement("SELECT nextval('evidence_segment_id')");
        var r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  void write(Connection c, long segment, Instant at, Windows windows) throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    byte[] compressed = deflate();
    CopyWriter.copy(
        c,
        "evidence_segment (id, at, day, size, compressed)",
        out -> {
          out.row(5);
          out.int8(segment);
          out.timestamp(at);
          out.date(day);
          out.int4(raw.size());
          out.bytes(compressed);
        });
    index(c, segment, day, entries, windows);
  }

  /** Remembers what bytes a counter came with where the message itself is not kept. */
  static void index(
      Connection c, Instant at, int meter, MessageId id, boolean counted, Windows windows)
      throws SQLException {
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    index(c, 0, day, List.of(new Entry(meter, id, counted, 0, 0)), windows);
  }

  private static void index(
      Connection c, long segment, LocalDate day, List<Entry> entries, Windows windows)
      throws SQLException {
    CopyWriter.copy(
        c,
        "evidence (counter, digest, segment, meter, window_id, day, place, length)",
        out -> {
          for (Entry e : entries) {
            long digest = Windows.digest(e.id());
            out.row(8);
            out.int8(e.counted() ? e.id().counter() : digest);
            out.int8(digest);
            out.int8(segment);
            out.int4(e.meter());
            out.int4(windows.windowId(e.meter(), e.id(), e.counted()));
            out.date(day);
            out.int4(e.place());
            out.int4(e.length());
          }
        });
  }

  /**
   * Ciphered messages do not get shorter, and trying costs more than writing them: where the first
   * few do not, the segment's bytes are stored as they are, in the same format.
   */
  private byte[] deflate() {
    return deflate(raw.toByteArray());
  }

  static byte[] deflate(byte[] all) {
    int sample = Math.min(all.length, SAMPLE);
    boolean pays = deflate(all, sample, Deflater.BEST_SPEED).length < sample - (sample >> 4);
    return deflate(all, all.length, pays ? Deflater.BEST_SPEED : Deflater.NO_COMPRESSION);
  }

  private static byte[] deflate(byte[] bytes, int length, int level) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(bytes, 0, length);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
      byte[] part = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
