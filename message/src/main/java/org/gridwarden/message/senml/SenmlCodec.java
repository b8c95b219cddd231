package org.gridwarden.message.senml;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.message.MessageException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;

/**
 * Packs of SenML records as bytes. Reading is bounded in bytes, records, depth and the length of
 * whatever it holds, and throws nothing but {@link MessageException}. Thread-safe.
 */
public abstract sealed class SenmlCodec permits SenmlCbor, SenmlJson {
  static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(6)
          .maxStringLength(8_192)
          .maxNameLength(64)
          .maxNumberLength(64)
          .maxDocumentLength(64 << 10)
          .build();

  /** In CBOR. */
  public static final SenmlCodec CBOR = new SenmlCbor();

  /** In JSON. */
  public static final SenmlCodec JSON = new SenmlJson();

  /** So many bytes has a pack at most. */
  public static final int LONGEST = 64 << 10;

  /** So many records. */
  public static final int MOST_RECORDS = 4_096;

  /** So many characters has a text. */
  static final int LONGEST_TEXT = 512;

  /** So many bytes has a data value. */
  static final int LONGEST_DATA = 4_096;

  SenmlCodec() {}

  abstract TokenStreamFactory factory();

  abstract void writeName(JsonGenerator out, SenmlField field);

  abstract void writeNumber(JsonGenerator out, Decimal number);

  abstract void writeData(JsonGenerator out, byte[] data);

  abstract Optional<SenmlField> field(String name);

  /** The number that the parser stands at. */
  abstract Decimal number(JsonParser in, JsonToken token) throws MessageException;

  abstract byte[] data(JsonParser in, JsonToken token) throws MessageException;

  /** The bytes of a pack. */
  public final byte[] encode(List<SenmlRecord> pack) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = factory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartArray(null, pack.size());
      for (SenmlRecord record : pack) {
        out.writeStartObject(null, record.fields().size());
        record
            .fields()
            .forEach((field, value) -> {
              writeName(out, field);
              switch (field.kind()) {
                case NUMBER -> writeNumber(out, (Decimal) value);
                case TEXT -> out.writeString((String) value);
                case FLAG -> out.writeBoolean((Boolean) value);
                case DATA -> writeData(out, (byte[]) value);
              }
            });
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /**
   * The pack that bytes are.
   *
   * @throws MessageException where they are none, or hold a field that must be understood and is
   *     not
   */
  public final List<SenmlRecord> decode(byte[] bytes) throws MessageException {
    if (bytes.length > LONGEST) {
      throw MessageException.malformed("a pack has at most " + LONGEST + " bytes");
    }
    try (JsonParser in = factory().createParser(ObjectReadContext.empty(), bytes)) {
      if (in.nextToken() != JsonToken.START_ARRAY) {
        throw MessageException.malformed("a pack is an array of records");
      }
      List<SenmlRecord> pack = new ArrayList<>();
      for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          throw MessageException.malformed("a pack holds records and nothing else");
        }
        if (pack.size() == MOST_RECORDS) {
          throw MessageException.malformed("a pack has at most " + MOST_RECORDS + " records");
        }
        pack.add(record(in));
      }
      if (in.nextToken() != null) {
        throw MessageException.malformed("something follows the pack");
      }
      return pack;
    } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
      throw MessageException.malformed("it is no SenML as it is taken here");
    }
  }

  private SenmlRecord record(JsonParser in) throws MessageException {
    SenmlRecord record = new SenmlRecord();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_OBJECT; token = in.nextToken()) {
      if (token != JsonToken.PROPERTY_NAME) {
        throw MessageException.malformed("a record is a map of fields");
      }
      String name = in.currentName();
      Optional<SenmlField> known = field(name);
      JsonToken value = in.nextToken();
      if (value == null) {
        throw MessageException.malformed("the pack is cut off");
      }
      if (known.isEmpty()) {
        if (name.endsWith("_")) {
          throw MessageException.unsupported("a field that must be understood is not known");
        }
        in.skipChildren();
      } else if (record.has(known.get())) {
        throw MessageException.malformed(known.get().text() + " stands twice in a record");
      } else {
        read(record, known.get(), in, value);
      }
    }
    return record;
  }

  private void read(SenmlRecord record, SenmlField field, JsonParser in, JsonToken token)
      throws MessageException {
    switch (field.kind()) {
      case NUMBER -> record.with(field, number(in, token));
      case TEXT -> {
        if (token != JsonToken.VALUE_STRING) {
          throw MessageException.malformed(field.text() + " is a text");
        }
        String text = in.getString();
        if (text.length() > LONGEST_TEXT) {
          throw MessageException.malformed(
              field.text() + " has at most " + LONGEST_TEXT + " characters");
        }
        record.with(field, text);
      }
      case FLAG -> {
        if (!token.isBoolean()) {
          throw MessageException.malformed(field.text() + " is true or false");
        }
        record.with(field, token == JsonToken.VALUE_TRUE);
      }
      case DATA -> {
        byte[] data = data(in, token);
        if (data.length > LONGEST_DATA) {
          throw MessageException.malformed(
              field.text() + " has at most " + LONGEST_DATA + " bytes");
        }
        record.with(field, data);
      }
    }
  }
}
