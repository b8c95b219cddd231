package org.gridwarden.channel.http;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.Secured;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * In which form WAMP's messages are (its specification's clause 6): an array in JSON, in a text
 * frame, or in CBOR, in a binary one. Pure functions, bounded by the longest message.
 */
enum WampForm {
  JSON(new JsonMapper(JsonFactory.builder().streamReadConstraints(limits()).build())) {
    @Override
    Object bytes(byte[] raw) {
      return NUL + Base64.getEncoder().encodeToString(raw);
    }
  },
  CBOR(new CBORMapper(CBORFactory.builder().streamReadConstraints(limits()).build())) {
    @Override
    Object bytes(byte[] raw) {
      return raw;
    }
  };

  /** Before bytes in base64, where a form has only texts (clause 6.4.1). */
  private static final String NUL = "\0";

  private final ObjectMapper mapper;

  WampForm(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  private static StreamReadConstraints limits() {
    int longest = Secured.LONGEST * 4 / 3 + 1_024;
    return StreamReadConstraints.builder()
        .maxNestingDepth(5)
        .maxStringLength(longest)
        .maxNameLength(128)
        .maxNumberLength(32)
        .maxDocumentLength(longest)
        .build();
  }

  /** How bytes are said in it. */
  abstract Object bytes(byte[] raw);

  /** The bytes that somebody said; empty where it is something else. */
  static Optional<byte[]> raw(Object said) {
    if (said instanceof byte[] raw) {
      return Optional.of(raw);
    }
    if (said instanceof String text && text.startsWith(NUL)) {
      try {
        return Optional.of(Base64.getDecoder().decode(text.substring(1)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a message.
   *
   * @throws MessageException where it is no array, or too long or too deep
   */
  List<Object> read(byte[] bytes) throws MessageException {
    try {
      if (mapper.readValue(bytes, Object.class) instanceof List<?> list) {
        List<Object> items = new ArrayList<>(list.size());
        for (Object item : list) {
          items.add(item == null ? Map.of() : item);
        }
        return items;
      }
    } catch (JacksonException | IllegalArgumentException e) {
      // said below
    }
    throw MessageException.malformed("it is no message of WAMP");
  }

  /** Writes a message. */
  byte[] write(List<Object> message) {
    return mapper.writeValueAsBytes(message);
  }
}
