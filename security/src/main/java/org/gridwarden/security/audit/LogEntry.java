package org.gridwarden.security.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.gridwarden.core.Actor;

/**
 * An entry of the log, with the bytes that its leaf is the hash of. Immutable.
 *
 * @param id its number in the database
 * @param at when, in microseconds, as the database keeps it
 * @param who who did it
 * @param action what
 * @param detail and to what
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record LogEntry(long id, Instant at, Actor who, String action, byte[] detail) {
  private static final byte[] MAGIC = "GWLOG1".getBytes(StandardCharsets.US_ASCII);

  public LogEntry {
    at = at.truncatedTo(ChronoUnit.MICROS);
    detail = detail.clone();
  }

  @Override
  public byte[] detail() {
    return detail.clone();
  }

  /** Its leaf in the tree. */
  public TreeHash leaf() {
    return TreeHash.leaf(bytes());
  }

  /**
   * One form and no other: magic, id, microseconds since 1970, then kind, name, action and detail,
   * each behind its length; all numbers of 8 and 4 bytes, big-endian.
   */
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(96 + detail.length);
    out.writeBytes(MAGIC);
    out.writeBytes(
        ByteBuffer.allocate(16)
            .putLong(id)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, at))
            .array());
    text(out, who.kind().name());
    text(out, who.name());
    text(out, action);
    part(out, detail);
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    part(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void part(ByteArrayOutputStream out, byte[] part) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
    out.writeBytes(part);
  }
}
