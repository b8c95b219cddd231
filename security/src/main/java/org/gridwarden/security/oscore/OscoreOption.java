package org.gridwarden.security.oscore;

import java.util.Arrays;
import java.util.Optional;

/**
 * The value of the OSCORE option (RFC 8613, clause 6.1). Immutable.
 *
 * @param partialIv of length 0 where there is none, else 1 to 5 bytes
 * @param kidContext names the context; empty where it is not said
 * @param kid the sender's id; empty where it is not said
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record OscoreOption(byte[] partialIv, Optional<byte[]> kidContext, Optional<byte[]> kid) {
  /** The longest sequence number's bytes (clause 7.2.1). */
  static final int LONGEST_PARTIAL_IV = 5;

  private static final int LONGEST_CONTEXT = 255;
  private static final int KID = 0x08;
  private static final int CONTEXT = 0x10;
  private static final int RESERVED = 0xE0;

  /** Says nothing: what a response under the request's nonce has. */
  public static final OscoreOption NOTHING =
      new OscoreOption(new byte[0], Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException where something is too long
   */
  public OscoreOption {
    if (partialIv.length > LONGEST_PARTIAL_IV
        || kidContext.isPresent() && kidContext.get().length > LONGEST_CONTEXT) {
      throw new IllegalArgumentException("an OSCORE option does not hold as much");
    }
    partialIv = partialIv.clone();
    kidContext = kidContext.map(byte[]::clone);
    kid = kid.map(byte[]::clone);
  }

  @Override
  public byte[] partialIv() {
    return partialIv.clone();
  }

  @Override
  public Optional<byte[]> kidContext() {
    return kidContext.map(byte[]::clone);
  }

  @Override
  public Optional<byte[]> kid() {
    return kid.map(byte[]::clone);
  }

  /** Its bytes. */
  public byte[] bytes() {
    int flags =
        partialIv.length | (kid.isPresent() ? KID : 0) | (kidContext.isPresent() ? CONTEXT : 0);
    if (flags == 0) {
      return new byte[0];
    }
    byte[] context = kidContext.orElse(new byte[0]);
    byte[] sender = kid.orElse(new byte[0]);
    int length =
        1 + partialIv.length + (kidContext.isPresent() ? 1 + context.length : 0) + sender.length;
    byte[] bytes = new byte[length];
    bytes[0] = (byte) flags;
    System.arraycopy(partialIv, 0, bytes, 1, partialIv.length);
    int at = 1 + partialIv.length;
    if (kidContext.isPresent()) {
      bytes[at++] = (byte) context.length;
      System.arraycopy(context, 0, bytes, at, context.length);
      at += context.length;
    }
    System.arraycopy(sender, 0, bytes, at, sender.length);
    return bytes;
  }

  /**
   * The option that bytes are.
   *
   * @throws OscoreException where they are none
   */
  public static OscoreOption parse(byte[] bytes) throws OscoreException {
    if (bytes.length == 0) {
      return NOTHING;
    }
    int flags = bytes[0] & 0xFF;
    int partial = flags & 0x07;
    if ((flags & RESERVED) != 0 || partial > LONGEST_PARTIAL_IV || flags == 0) {
      throw new OscoreException("the option has reserved flags");
    }
    int at = 1 + partial;
    if (at > bytes.length) {
      throw new OscoreException("the option ends within its Partial IV");
    }
    byte[] partialIv = Arrays.copyOfRange(bytes, 1, at);
    Optional<byte[]> context = Optional.empty();
    if ((flags & CONTEXT) != 0) {
      if (at >= bytes.length || at + 1 + (bytes[at] & 0xFF) > bytes.length) {
        throw new OscoreException("the option ends within its kid context");
      }
      int end = at + 1 + (bytes[at] & 0xFF);
      context = Optional.of(Arrays.copyOfRange(bytes, at + 1, end));
      at = end;
    }
    boolean said = (flags & KID) != 0;
    if (!said && at < bytes.length) {
      throw new OscoreException("something follows the option's end");
    }
    return new OscoreOption(
        partialIv,
        context,
        said ? Optional.of(Arrays.copyOfRange(bytes, at, bytes.length)) : Optional.empty());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OscoreOption that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(partialIv);
  }
}
