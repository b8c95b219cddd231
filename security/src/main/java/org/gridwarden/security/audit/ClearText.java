package org.gridwarden.security.audit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is kept beside an entry of the log whose person and detail are commitments. A part that was
 * erased has neither text nor salt.
 *
 * @param who who did it
 * @param detail and to what
 */
public record ClearText(Optional<Part> who, Optional<Part> detail) {
  /** Nothing is kept: of an entry of before there were commitments, or an erased one. */
  public static final ClearText NONE = new ClearText(Optional.empty(), Optional.empty());

  /**
   * A part. Never changed.
   *
   * @param salt of the commitment
   * @param text in the clear
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Part(byte[] salt, byte[] text) {
    public Part {
      salt = salt.clone();
      text = text.clone();
    }

    @Override
    public byte[] salt() {
      return salt.clone();
    }

    @Override
    public byte[] text() {
      return text.clone();
    }

    /** The commitment to it. */
    public String commitment() {
      return Commitment.of(salt, text);
    }

    /** As text for a person. */
    public String words() {
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  /** Who did an entry, for a person: its clear text, or that it was erased. */
  public String who(LogEntry entry) {
    return words(who, entry.who().name());
  }

  /** And to what. */
  public String detail(LogEntry entry) {
    return words(detail, new String(entry.detail(), StandardCharsets.UTF_8));
  }

  /** Whether something of an entry was erased. */
  public boolean erased(LogEntry entry) {
    return who.isEmpty() && Commitment.is(entry.who().name())
        || detail.isEmpty() && Commitment.is(new String(entry.detail(), StandardCharsets.US_ASCII));
  }

  /**
   * Holds the clear text against what stands in the log.
   *
   * @throws LogException where it is not what was written
   */
  public void check(LogEntry entry) throws LogException {
    boolean person = who.isEmpty() || who.get().commitment().equals(entry.who().name());
    boolean what =
        detail.isEmpty()
            || detail
                .get()
                .commitment()
                .equals(new String(entry.detail(), StandardCharsets.US_ASCII));
    if (!person || !what) {
      throw new LogException(
          "entry "
              + entry.id()
              + " and the clear text kept beside it do not fit: one of them was edited");
    }
  }

  private static String words(Optional<Part> part, String stands) {
    return part.map(Part::words).orElse(Commitment.is(stands) ? "(erased)" : stands);
  }
}
