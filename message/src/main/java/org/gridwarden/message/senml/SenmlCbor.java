package org.gridwarden.message.senml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import org.gridwarden.message.MessageException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORParser;

/** SenML in CBOR (RFC 8428, clause 6): numbers are integers and decimal fractions. */
final class SenmlCbor extends SenmlCodec {
  private static final int DECIMAL_FRACTION = 4;

  private final CBORFactory factory = CBORFactory.builder().streamReadConstraints(LIMITS).build();

  @Override
  TokenStreamFactory factory() {
    return factory;
  }

  @Override
  void writeName(JsonGenerator out, SenmlField field) {
    if (field.numbered()) {
      out.writePropertyId(field.label());
    } else {
      out.writeName(field.text());
    }
  }

  @Override
  void writeNumber(JsonGenerator out, Decimal number) {
    if (number.exponent() == 0) {
      out.writeNumber(number.mantissa());
      return;
    }
    ((CBORGenerator) out).writeTag(DECIMAL_FRACTION);
    out.writeStartArray(null, 2);
    out.writeNumber(number.exponent());
    out.writeNumber(number.mantissa());
    out.writeEndArray();
  }

  @Override
  void writeData(JsonGenerator out, byte[] data) {
    out.writeBinary(data);
  }

  @Override
  Optional<SenmlField> field(String name) {
    return SenmlField.byLabel(name);
  }

  @Override
  Decimal number(JsonParser in, JsonToken token) throws MessageException {
    switch (token) {
      case VALUE_NUMBER_INT -> {
        return Decimal.of(in.getLongValue());
      }
      case VALUE_NUMBER_FLOAT -> {
        return ofFloat(in);
      }
      case START_ARRAY -> {
        if (((CBORParser) in).getCurrentTag() == DECIMAL_FRACTION) {
          return fraction(in);
        }
      }
      default -> {}
    }
    throw MessageException.malformed("a number is an integer, a decimal fraction or a float");
  }

  /** Others' floats are taken for the shortest decimal that stands for them; we write none. */
  private static Decimal ofFloat(JsonParser in) throws MessageException {
    switch (in.getNumberType()) {
      case FLOAT -> {
        float f = in.getFloatValue();
        if (Float.isFinite(f)) {
          return plain(new BigDecimal(Float.toString(f)));
        }
      }
      case DOUBLE -> {
        double d = in.getDoubleValue();
        if (Double.isFinite(d)) {
          return plain(new BigDecimal(Double.toString(d)));
        }
      }
      default -> {
        return Decimal.of(in.getDecimalValue());
      }
    }
    throw MessageException.malformed("a number is finite");
  }

  /** Java writes 5 as 5.0. */
  private static Decimal plain(BigDecimal number) throws MessageException {
    return Decimal.of(
        number.scale() == 1 && number.unscaledValue().mod(BigInteger.TEN).signum() == 0
            ? number.setScale(0)
            : number);
  }

  private static Decimal fraction(JsonParser in) throws MessageException {
    if (in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw MessageException.malformed("a decimal fraction is an exponent and a mantissa");
    }
    int exponent = in.getIntValue();
    if (in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw MessageException.malformed("a decimal fraction is an exponent and a mantissa");
    }
    long mantissa = in.getLongValue();
    if (in.nextToken() != JsonToken.END_ARRAY) {
      throw MessageException.malformed("a decimal fraction has two parts");
    }
    return new Decimal(mantissa, exponent);
  }

  @Override
  byte[] data(JsonParser in, JsonToken token) throws MessageException {
    if (token == JsonToken.VALUE_EMBEDDED_OBJECT && in.getEmbeddedObject() instanceof byte[] data) {
      return data;
    }
    throw MessageException.malformed("a data value is a byte string");
  }
}
