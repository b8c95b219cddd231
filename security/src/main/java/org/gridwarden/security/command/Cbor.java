package org.gridwarden.security.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORParser;

/**
 * The little of CBOR (RFC 8949) that COSE messages and commands are made of: arrays of known
 * length, integers, texts and byte strings, written in one way only (clause 4.2.1). Reading is
 * bounded by the longest message.
 */
public final class Cbor {
  /** The longest command or receipt, in bytes. */
  public static final int LONGEST = 16 << 10;

  private static final CBORFactory FACTORY =
      CBORFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(6)
                  .maxStringLength(LONGEST)
                  .maxDocumentLength(LONGEST)
                  .build())
          .build();

  private Cbor() {}

  /** Writes something. */
  public interface Writing {
    void to(JsonGenerator out);
  }

  /** Reads something. */
  public interface Reading<T> {
    T from(Reader in) throws CommandException;
  }

  /** The bytes that something writes. */
  public static byte[] write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      writing.to(out);
    }
    return bytes.toByteArray();
  }

  /** A tagged array (COSE, RFC 9052, clause 2). */
  public static void tag(JsonGenerator out, int tag) {
    ((CBORGenerator) out).writeTag(tag);
  }

  /**
   * Reads exactly one item.
   *
   * @throws CommandException where it is another one, more follows, or it is not written in the one
   *     way
   */
  public static <T> T read(byte[] bytes, Reading<T> reading) throws CommandException {
    if (bytes.length > LONGEST) {
      throw new CommandException("it has more than " + LONGEST + " bytes");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      T value = reading.from(new Reader(parser));
      if (parser.nextToken() != null) {
        throw new CommandException("something follows its end");
      }
      return value;
    } catch (JacksonException e) {
      throw new CommandException("it is no CBOR as commands have it");
    }
  }

  /** Items one after the other, each of the kind that is due. */
  public static final class Reader {
    private final JsonParser parser;

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    private JsonToken next(JsonToken wanted, String what) throws CommandException {
      JsonToken token = parser.nextToken();
      if (token != wanted) {
        throw new CommandException(what + " is missing or of another kind");
      }
      return token;
    }

    /** An array under a tag. */
    public void array(int tag) throws CommandException {
      next(JsonToken.START_ARRAY, "an array");
      if (((CBORParser) parser).getCurrentTag() != tag) {
        throw new CommandException("the tag is not " + tag);
      }
    }

    /** An array without a tag. */
    public void array() throws CommandException {
      array(-1);
    }

    /** The array's end. */
    public void end() throws CommandException {
      next(JsonToken.END_ARRAY, "the array's end");
    }

    /** A map. */
    public void map() throws CommandException {
      next(JsonToken.START_OBJECT, "a map");
    }

    /** The map's end. */
    public void endMap() throws CommandException {
      next(JsonToken.END_OBJECT, "the map's end");
    }

    /** The next entry's key is this number. */
    public void key(int number) throws CommandException {
      next(JsonToken.PROPERTY_NAME, "entry " + number);
      if (!String.valueOf(number).equals(parser.currentName())) {
        throw new CommandException("entry " + number + " is missing");
      }
    }

    /** An integer. */
    public long number(String what) throws CommandException {
      next(JsonToken.VALUE_NUMBER_INT, what);
      return parser.getLongValue();
    }

    /** A byte string. */
    public byte[] bytes(String what) throws CommandException {
      next(JsonToken.VALUE_EMBEDDED_OBJECT, what);
      if (!(parser.getEmbeddedObject() instanceof byte[] bytes)) {
        throw new CommandException(what + " is missing or of another kind"); // CBOR's undefined
      }
      return bytes;
    }

    /** The next byte string of an array; empty at the array's end. */
    Optional<byte[]> bytesOrEnd() throws CommandException {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        return Optional.empty();
      }
      if (token != JsonToken.VALUE_EMBEDDED_OBJECT
          || !(parser.getEmbeddedObject() instanceof byte[] bytes)) {
        throw new CommandException("an array has something else than byte strings");
      }
      return Optional.of(bytes);
    }

    /** A byte string of one length. */
    public byte[] bytes(String what, int length) throws CommandException {
      byte[] bytes = bytes(what);
      if (bytes.length != length) {
        throw new CommandException(what + " has " + bytes.length + " bytes, not " + length);
      }
      return bytes;
    }

    /** Empty at the array's end. */
    Optional<String> textOrEnd(String what, int longest) throws CommandException {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        return Optional.empty();
      }
      return Optional.of(text(token, what, longest));
    }

    /** A text of so many bytes at most. */
    public String text(String what, int longest) throws CommandException {
      return text(parser.nextToken(), what, longest);
    }

    private String text(@Nullable JsonToken token, String what, int longest)
        throws CommandException {
      if (token != JsonToken.VALUE_STRING) {
        throw new CommandException(what + " is missing or of another kind");
      }
      String text = parser.getString();
      if (text.getBytes(StandardCharsets.UTF_8).length > longest) {
        throw new CommandException(what + " is longer than " + longest + " bytes");
      }
      return text;
    }
  }
}
