package org.gridwarden.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.Cbor;
import org.gridwarden.security.command.CommandException;

/**
 * What stands readable, and authenticated, before a message's ciphertext: COSE's protected header.
 * Immutable.
 *
 * @param algorithm how it is encrypted
 * @param form in which form its payload is
 * @param keyId which version of the meter's key, 1 to 16 bytes
 * @param counter COSE's Partial IV: 0 to 2^32 - 1, never twice under a key in one direction
 * @param meter whose key it is
 * @param kind which of the five classes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Header(
    Algorithm algorithm, Form form, byte[] keyId, long counter, MeterId meter, MessageClass kind) {
  /** Counters end before this one: another key is due (C4). */
  public static final long COUNTERS = 1L << 32;

  private static final int ALGORITHM = 1;
  private static final int CONTENT_TYPE = 3;
  private static final int KID = 4;
  private static final int PARTIAL_IV = 6;
  private static final int KID_CONTEXT = 10; // RFC 8613, clause 12.1
  private static final int CLASS = -65_537; // the first of those for private use
  private static final int LONGEST_KEY_ID = 16;

  /**
   * @throws IllegalArgumentException where the key id or the counter is out of its range
   */
  public Header {
    if (keyId.length < 1 || keyId.length > LONGEST_KEY_ID) {
      throw new IllegalArgumentException("a key's id has 1 to 16 bytes");
    }
    if (counter < 0 || counter >= COUNTERS) {
      throw new IllegalArgumentException("a counter is 0 to 2^32 - 1, not " + counter);
    }
    keyId = keyId.clone();
  }

  @Override
  public byte[] keyId() {
    return keyId.clone();
  }

  /** Its bytes: a CBOR map, its keys in ascending order of their bytes (RFC 8949, 4.2.1). */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartObject(null, 6);
      out.writePropertyId(ALGORITHM);
      out.writeNumber(algorithm.number());
      out.writePropertyId(CONTENT_TYPE);
      out.writeNumber(form.number());
      out.writePropertyId(KID);
      out.writeBinary(keyId);
      out.writePropertyId(PARTIAL_IV);
      out.writeBinary(partialIv(counter));
      out.writePropertyId(KID_CONTEXT);
      out.writeBinary(meter.value().getBytes(StandardCharsets.US_ASCII));
      out.writePropertyId(CLASS);
      out.writeNumber(kind.number());
      out.writeEndObject();
    });
  }

  /**
   * The header that bytes are.
   *
   * @throws MessageException where they are none, or one that is not written in the one way
   */
  static Header parse(byte[] bytes) throws MessageException {
    Header header;
    try {
      header =
          Cbor.read(
              bytes,
              in -> {
                in.map();
                in.key(ALGORITHM);
                Algorithm algorithm =
                    Algorithm.of(in.number("the algorithm"))
                        .orElseThrow(() -> new CommandException("the algorithm is not known"));
                in.key(CONTENT_TYPE);
                Form form =
                    Form.of(in.number("the form"))
                        .orElseThrow(() -> new CommandException("the form is not known"));
                in.key(KID);
                byte[] keyId = in.bytes("the key's id");
                in.key(PARTIAL_IV);
                long counter = counter(in.bytes("the counter"));
                in.key(KID_CONTEXT);
                MeterId meter =
                    new MeterId(new String(in.bytes("the meter"), StandardCharsets.ISO_8859_1));
                in.key(CLASS);
                MessageClass kind =
                    MessageClass.of(in.number("the class"))
                        .orElseThrow(() -> new CommandException("the class is not known"));
                in.endMap();
                return new Header(algorithm, form, keyId, counter, meter, kind);
              });
    } catch (CommandException | IllegalArgumentException e) {
      throw MessageException.malformed("the header: " + e.getMessage());
    }
    if (!Arrays.equals(header.bytes(), bytes)) {
      throw MessageException.malformed("the header is not written in the one way");
    }
    return header;
  }

  /** As short as it goes, one byte at least. */
  static byte[] partialIv(long counter) {
    int length = Math.max(1, (71 - Long.numberOfLeadingZeros(counter)) / 8);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[length - 1 - i] = (byte) (counter >>> (8 * i));
    }
    return bytes;
  }

  private static long counter(byte[] partialIv) throws CommandException {
    if (partialIv.length < 1 || partialIv.length > 4) {
      throw new CommandException("the counter has 1 to 4 bytes");
    }
    long counter = 0;
    for (byte b : partialIv) {
      counter = counter << 8 | b & 0xFF;
    }
    return counter;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header that
        && algorithm == that.algorithm
        && form == that.form
        && Arrays.equals(keyId, that.keyId)
        && counter == that.counter
        && meter.equals(that.meter)
        && kind == that.kind;
  }

  @Override
  public int hashCode() {
    return 31 * meter.hashCode() + Long.hashCode(counter);
  }
}
