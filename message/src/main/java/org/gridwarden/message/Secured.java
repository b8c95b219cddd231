package org.gridwarden.message;

import java.util.Arrays;
import org.gridwarden.security.command.Cbor;
import org.gridwarden.security.command.CommandException;

/**
 * A message on its way: COSE_Encrypt0 (RFC 9052, clause 5.2) under a meter's key. What it says is
 * not looked at before it is known to be genuine. Immutable.
 */
public final class Secured {
  /** The longest message, in bytes. */
  public static final int LONGEST = Cbor.LONGEST;

  private static final int TAG = 16;
  private static final String LABEL = "gridwarden message";
  private static final int VERSION = 1;

  private final Header header;
  private final byte[] protectedHeader;
  private final byte[] ciphertext;

  private Secured(Header header, byte[] protectedHeader, byte[] ciphertext) {
    this.header = header;
    this.protectedHeader = protectedHeader;
    this.ciphertext = ciphertext;
  }

  /**
   * Seals a payload.
   *
   * @param keys those of the header's meter, key id and algorithm
   * @return the COSE_Encrypt0 message
   * @throws IllegalArgumentException where the header speaks of other keys, its class has no such
   *     form this way, or the message would be too long
   */
  public static byte[] seal(Header header, MessageKeys keys, byte[] payload) {
    if (!header.meter().equals(keys.meter())
        || !Arrays.equals(header.keyId(), keys.keyId())
        || header.algorithm() != keys.algorithm()) {
      throw new IllegalArgumentException("the header speaks of other keys");
    }
    if (!header.form().fits(header.kind(), keys.direction())) {
      throw new IllegalArgumentException(
          header.kind() + " has no form " + header.form() + " going " + keys.direction());
    }
    byte[] bytes = header.bytes();
    byte[] aad = encStructure(bytes, externalAad(header, keys.direction()));
    byte[] ciphertext = keys.encrypt(header.counter(), aad, payload);
    byte[] message =
        Cbor.write(out -> {
          Cbor.tag(out, TAG);
          out.writeStartArray(null, 3);
          out.writeBinary(bytes);
          out.writeStartObject(null, 0);
          out.writeEndObject();
          out.writeBinary(ciphertext);
          out.writeEndArray();
        });
    if (message.length > LONGEST) {
      throw new IllegalArgumentException(
          "a message has at most " + LONGEST + " bytes, not " + message.length);
    }
    return message;
  }

  @SuppressWarnings("ArrayRecordComponent") // stays here
  private record Parts(byte[] header, byte[] ciphertext) {}

  /**
   * The message that bytes are. Nothing is verified yet.
   *
   * @throws MessageException where they are none
   */
  public static Secured parse(byte[] bytes) throws MessageException {
    try {
      Parts parts =
          Cbor.read(
              bytes,
              in -> {
                in.array(TAG);
                byte[] header = in.bytes("the protected header");
                in.map();
                in.endMap();
                byte[] ciphertext = in.bytes("the ciphertext");
                in.end();
                if (ciphertext.length < Algorithm.TAG) {
                  throw new CommandException("the ciphertext is shorter than its tag");
                }
                return new Parts(header, ciphertext);
              });
      return new Secured(Header.parse(parts.header), parts.header, parts.ciphertext);
    } catch (CommandException e) {
      throw MessageException.malformed(String.valueOf(e.getMessage()));
    }
  }

  /** What it says of itself; to be believed once {@link #open} has given something. */
  public Header header() {
    return header;
  }

  /**
   * Opens it.
   *
   * @param keys of the direction that it came from
   * @return the payload
   * @throws MessageException where it is not genuine, or of a class that has no such form this way
   */
  public byte[] open(MessageKeys keys) throws MessageException {
    byte[] aad = encStructure(protectedHeader, externalAad(header, keys.direction()));
    byte[] payload = keys.decrypt(header.counter(), aad, ciphertext);
    if (!header.form().fits(header.kind(), keys.direction())) {
      throw MessageException.unsupported(
          header.kind() + " has no form " + header.form() + " going " + keys.direction());
    }
    return payload;
  }

  /** What both sides know without being told: version, meter, class and direction. */
  static byte[] externalAad(Header header, Direction direction) {
    return Cbor.write(out -> {
      out.writeStartArray(null, 5);
      out.writeString(LABEL);
      out.writeNumber(VERSION);
      out.writeString(header.meter().value());
      out.writeNumber(header.kind().number());
      out.writeNumber(direction.number());
      out.writeEndArray();
    });
  }

  /** The Enc_structure (clause 5.3). */
  static byte[] encStructure(byte[] protectedHeader, byte[] externalAad) {
    return Cbor.write(out -> {
      out.writeStartArray(null, 3);
      out.writeString("Encrypt0");
      out.writeBinary(protectedHeader);
      out.writeBinary(externalAad);
      out.writeEndArray();
    });
  }
}
