package org.gridwarden.channel.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.Secured;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.cbor.CBORFactory;

/**
 * In which form a message comes and an answer goes. A secured message is a COSE message in all of
 * them: bare, or as the one field {@code message} of a small document. Pure functions, bounded by
 * the longest message.
 */
enum Format {
  /** RFC 8259; bytes in base64url. */
  JSON("application/json", "application/problem+json"),
  /** RFC 8949; problems as RFC 9290 has them. */
  CBOR("application/cbor", "application/concise-problem-details+cbor"),
  /** Bytes in base64. */
  XML("application/xml", "application/problem+xml"),
  /** RFC 9052: the message itself. */
  COSE("application/cose", "application/problem+json");

  /** The namespace of documents in XML. */
  static final String NAMESPACE = "urn:gridwarden:http:1";

  private static final String PROBLEM_NAMESPACE = "urn:ietf:rfc:7807";
  private static final String FIELD = "message";
  private static final int LONGEST_TEXT = Secured.LONGEST * 4 / 3 + 16;
  private static final int LONGEST = LONGEST_TEXT + 1_024;
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(2)
          .maxStringLength(LONGEST_TEXT)
          .maxNameLength(64)
          .maxDocumentLength(LONGEST)
          .build();
  private static final JsonFactory JSON_FACTORY =
      JsonFactory.builder().streamReadConstraints(LIMITS).build();
  private static final CBORFactory CBOR_FACTORY =
      CBORFactory.builder().streamReadConstraints(LIMITS).build();
  private static final XMLInputFactory XML_IN = XMLInputFactory.newDefaultFactory();
  private static final XMLOutputFactory XML_OUT = XMLOutputFactory.newDefaultFactory();
  private static final int COSE_ENCRYPT0 = 0xD0; // tag 16

  static {
    XML_IN.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XML_IN.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XML_IN.setProperty(XMLInputFactory.IS_COALESCING, true);
  }

  private final String mediaType;
  private final String problemType;

  Format(String mediaType, String problemType) {
    this.mediaType = mediaType;
    this.problemType = problemType;
  }

  String mediaType() {
    return mediaType;
  }

  /** The media type of what went wrong. */
  String problemType() {
    return problemType;
  }

  /** The form that a field Content-Type names; its parameters say nothing here. */
  static Optional<Format> of(String contentType) {
    int end = contentType.indexOf(';');
    String bare =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return switch (bare) {
      case "application/json" -> Optional.of(JSON);
      case "application/cbor" -> Optional.of(CBOR);
      case "application/xml", "text/xml" -> Optional.of(XML);
      case "application/cose", "application/octet-stream" -> Optional.of(COSE);
      default -> Optional.empty();
    };
  }

  /**
   * The secured message that a body brings.
   *
   * @throws MessageException where it is no such document, or holds anything else
   */
  byte[] message(byte[] body) throws MessageException {
    if (body.length > LONGEST) {
      throw MessageException.malformed("a body has at most " + LONGEST + " bytes");
    }
    return switch (this) {
      case COSE -> body;
      case CBOR ->
          body.length > 0 && (body[0] & 0xFF) == COSE_ENCRYPT0 ? body : field(CBOR_FACTORY, body);
      case JSON -> field(JSON_FACTORY, body);
      case XML -> element(body);
    };
  }

  private static byte[] field(TokenStreamFactory factory, byte[] body) throws MessageException {
    try (JsonParser in = factory.createParser(ObjectReadContext.empty(), body)) {
      if (in.nextToken() != JsonToken.START_OBJECT
          || in.nextToken() != JsonToken.PROPERTY_NAME
          || !FIELD.equals(in.currentName())) {
        throw noField();
      }
      byte[] message;
      JsonToken value = in.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        message = Base64.getUrlDecoder().decode(unpadded(in.getString()));
      } else if (value == JsonToken.VALUE_EMBEDDED_OBJECT
          && in.getEmbeddedObject() instanceof byte[] bytes) {
        message = bytes;
      } else {
        throw noField();
      }
      if (in.nextToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
        throw noField();
      }
      return message;
    } catch (JacksonException | IllegalArgumentException e) {
      throw noField();
    }
  }

  private static String unpadded(String base64) {
    int end = base64.length();
    while (end > 0 && base64.charAt(end - 1) == '=') {
      end--;
    }
    return base64.substring(0, end);
  }

  private static byte[] element(byte[] body) throws MessageException {
    try {
      XMLStreamReader in = XML_IN.createXMLStreamReader(new ByteArrayInputStream(body));
      try {
        start(in, "secured");
        start(in, FIELD);
        String text = in.getElementText();
        if (tag(in) != XMLStreamConstants.END_ELEMENT) {
          throw noField();
        }
        while (in.hasNext()) {
          in.next();
        }
        return Base64.getMimeDecoder().decode(text);
      } finally {
        in.close();
      }
    } catch (XMLStreamException | RuntimeException e) {
      // in document types the JDK's parser lacks words for what is wrong, and says that instead
      throw noField();
    }
  }

  private static void start(XMLStreamReader in, String name)
      throws XMLStreamException, MessageException {
    if (tag(in) != XMLStreamConstants.START_ELEMENT
        || !NAMESPACE.equals(in.getNamespaceURI())
        || !name.equals(in.getLocalName())) {
      throw noField();
    }
  }

  /** The next tag; a document type, or text between tags, is refused. */
  private static int tag(XMLStreamReader in) throws XMLStreamException, MessageException {
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          return XMLStreamConstants.START_ELEMENT;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          return XMLStreamConstants.END_ELEMENT;
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.SPACE -> {}
        case XMLStreamConstants.CHARACTERS -> {
          if (!in.isWhiteSpace()) {
            throw noField();
          }
        }
        default -> throw noField();
      }
    }
    throw noField();
  }

  private static MessageException noField() {
    return MessageException.malformed(
        "the body is to be a document whose one field, 'message', is a COSE message");
  }

  /**
   * Writes a flat document.
   *
   * @param name of the document, for XML
   * @param fields texts, numbers and bytes, in their order
   */
  byte[] write(String name, Map<String, Object> fields) {
    return switch (this) {
      case JSON, COSE -> tokens(JSON_FACTORY, fields);
      case CBOR -> tokens(CBOR_FACTORY, fields);
      case XML -> xml(NAMESPACE, name, fields);
    };
  }

  private static byte[] tokens(TokenStreamFactory factory, Map<String, Object> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject(null, fields.size());
      fields.forEach((key, value) -> {
        out.writeName(key);
        switch (value) {
          case Number number -> out.writeNumber(number.longValue());
          case byte[] raw when factory == CBOR_FACTORY -> out.writeBinary(raw);
          case byte[] raw ->
              out.writeString(Base64.getUrlEncoder().withoutPadding().encodeToString(raw));
          default -> out.writeString(value.toString());
        }
      });
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static byte[] xml(String namespace, String name, Map<String, Object> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      XMLStreamWriter out = XML_OUT.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      out.writeStartElement(name);
      out.writeDefaultNamespace(namespace);
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        out.writeStartElement(field.getKey());
        out.writeCharacters(
            field.getValue() instanceof byte[] raw
                ? Base64.getEncoder().encodeToString(raw)
                : field.getValue().toString());
        out.writeEndElement();
      }
      out.writeEndElement();
      out.writeEndDocument();
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("what is written here is XML", e);
    }
    return bytes.toByteArray();
  }

  /** Writes a problem: RFC 9457 in JSON and XML, RFC 9290 in CBOR. */
  byte[] problem(int status, String title, Map<String, Object> words) {
    if (this == CBOR) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
      try (JsonGenerator out = CBOR_FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
        out.writeStartObject(null, 3);
        out.writePropertyId(-1); // title
        out.writeString(title);
        out.writePropertyId(-2); // detail
        out.writeString(String.valueOf(words.get("detail")));
        out.writePropertyId(-4); // response code: CoAP's class and detail, 4.03 as 0x83
        out.writeNumber(status / 100 << 5 | Math.min(status % 100, 31));
        out.writeEndObject();
      }
      return bytes.toByteArray();
    }
    Map<String, Object> all = new java.util.LinkedHashMap<>();
    all.put("title", title);
    all.put("status", status);
    all.putAll(words);
    return this == XML ? xml(PROBLEM_NAMESPACE, "problem", all) : tokens(JSON_FACTORY, all);
  }
}
