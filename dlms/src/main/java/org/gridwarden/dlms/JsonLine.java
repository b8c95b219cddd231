package org.gridwarden.dlms;

import java.math.BigDecimal;
import java.util.HexFormat;

/**
 * Writes JSON on one line, COSEM data among it: {@code {"type":"double-long-unsigned","value":12}}.
 * Written by hand: the shapes are small, and the commands that print them should start at once.
 * Whoever calls it opens and closes in pairs. Not thread-safe.
 */
public final class JsonLine {
  private final StringBuilder out = new StringBuilder(1024);
  private boolean separate;

  /** Begins an object. */
  public JsonLine object() {
    return open('{');
  }

  /** Ends an object. */
  public JsonLine endObject() {
    return close('}');
  }

  /** Begins an array. */
  public JsonLine array() {
    return open('[');
  }

  /** Ends an array. */
  public JsonLine endArray() {
    return close(']');
  }

  /** A member's name; its value follows. */
  public JsonLine name(String name) {
    text(name);
    out.append(':');
    separate = false;
    return this;
  }

  /** A string. */
  public JsonLine text(String value) {
    begin();
    quoted(value);
    return this;
  }

  /** A string; null where it is empty. */
  public JsonLine textOrNull(String value) {
    return value.isEmpty() ? nothing() : text(value);
  }

  /** A number. */
  public JsonLine number(long value) {
    return plain(Long.toString(value));
  }

  /** A number with decimals, in plain notation. */
  public JsonLine decimal(BigDecimal value) {
    return plain(value.toPlainString());
  }

  /** true or false. */
  public JsonLine flag(boolean value) {
    return plain(Boolean.toString(value));
  }

  /** null. */
  public JsonLine nothing() {
    return plain("null");
  }

  /** {@code {"type":"get-request","value":"C0…"}}: bytes that are not taken apart. */
  public JsonLine opaque(String type, byte[] bytes) {
    return object()
        .name("type")
        .text(type)
        .name("value")
        .text(HexFormat.of().withUpperCase().formatHex(bytes))
        .endObject();
  }

  /** A value with its type, nested where it is. */
  public JsonLine data(DlmsData data) {
    object().name("type").text(data.typeName()).name("value");
    return content(data).endObject();
  }

  /** A value without its outermost type. */
  public JsonLine content(DlmsData data) {
    return switch (data) {
      case DlmsData.Composite list -> {
        array();
        for (int i = 0; i < list.size(); i++) {
          data(list.get(i));
        }
        yield endArray();
      }
      case DlmsData.NullData _, DlmsData.DontCare _ -> nothing();
      case DlmsData.Bool b -> flag(b.value());
      case DlmsData.Long64Unsigned n -> plain(Long.toUnsignedString(n.bits()));
      case DlmsData.Whole n -> number(n.asLong());
      case DlmsData.OctetString s -> text(s.hex());
      case DlmsData.Float32 f -> real(Float.toString(f.value()), Float.isFinite(f.value()));
      case DlmsData.Float64 f -> real(Double.toString(f.value()), Double.isFinite(f.value()));
      default -> text(ValueText.of(data, Scaling.NONE, CosemDateTime.DeviationSign.STANDARD));
    };
  }

  /** JSON has no NaN and no infinity: they become texts. */
  private JsonLine real(String shortest, boolean finite) {
    return finite ? plain(shortest) : text(shortest);
  }

  private JsonLine open(char c) {
    begin();
    out.append(c);
    separate = false;
    return this;
  }

  private JsonLine close(char c) {
    out.append(c);
    separate = true;
    return this;
  }

  private JsonLine plain(String value) {
    begin();
    out.append(value);
    return this;
  }

  private void begin() {
    if (separate) {
      out.append(',');
    }
    separate = true;
  }

  private void quoted(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          // controls and what a terminal or a careless reader might trip over
          if (c < 0x20
              || c >= 0x7F && c < 0xA0
              || Character.isSurrogate(c)
              || c == 0x2028
              || c == 0x2029) {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** All that was written. */
  @Override
  public String toString() {
    return out.toString();
  }
}
