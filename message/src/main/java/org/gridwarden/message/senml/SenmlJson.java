package org.gridwarden.message.senml;

import java.util.Base64;
import java.util.Optional;
import org.gridwarden.message.MessageException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** SenML in JSON (RFC 8428, clause 5): a number's digits are kept as they are written. */
final class SenmlJson extends SenmlCodec {
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final JsonFactory factory = JsonFactory.builder().streamReadConstraints(LIMITS).build();

  @Override
  TokenStreamFactory factory() {
    return factory;
  }

  @Override
  void writeName(JsonGenerator out, SenmlField field) {
    out.writeName(field.text());
  }

  @Override
  void writeNumber(JsonGenerator out, Decimal number) {
    out.writeNumber(number.json());
  }

  @Override
  void writeData(JsonGenerator out, byte[] data) {
    out.writeString(TEXT.encodeToString(data));
  }

  @Override
  Optional<SenmlField> field(String name) {
    return SenmlField.byName(name);
  }

  @Override
  Decimal number(JsonParser in, JsonToken token) throws MessageException {
    if (!token.isNumeric()) {
      throw MessageException.malformed("a number is no text");
    }
    return Decimal.of(in.getDecimalValue());
  }

  @Override
  byte[] data(JsonParser in, JsonToken token) throws MessageException {
    if (token != JsonToken.VALUE_STRING) {
      throw MessageException.malformed("a data value is base64url");
    }
    return Base64.getUrlDecoder().decode(in.getString());
  }
}
