package org.gridwarden.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.dlms.DlmsData;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A COSEM value in JSON, as the commands print it: {@code {"type":"long","value":5}}. In a class of
 * its own, so that a command without JSON does not load a parser of it.
 */
final class JsonValue {
  /** As deep as A-XDR nests here. */
  private static final int DEPTH = 32;

  private JsonValue() {}

  static DlmsData parse(String text) {
    try {
      return of(new JsonMapper().readTree(text), DEPTH);
    } catch (JacksonException e) {
      throw ValueArgument.wrong("the value is no JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw ValueArgument.wrong("the value in JSON: " + e.getMessage());
    }
  }

  private static DlmsData of(JsonNode node, int depth) {
    if (depth == 0) {
      throw new IllegalArgumentException("it nests deeper than " + DEPTH);
    }
    JsonNode value = node.path("value");
    String type = node.path("type").asString("");
    return switch (type) {
      case "" ->
          throw new IllegalArgumentException("an object has type and value: " + shortly(node));
      case "null-data" -> DlmsData.NullData.of();
      case "array" -> DlmsData.Array.of(elements(value, depth));
      case "structure" -> DlmsData.Structure.of(elements(value, depth));
      case "boolean" -> new DlmsData.Bool(ValueArgument.flag(value.asString("")));
      case "octet-string" -> DlmsData.OctetString.of(ValueArgument.hex(text(type, value)));
      case "visible-string" -> new DlmsData.VisibleString(ValueArgument.latin(text(type, value)));
      case "utf8-string" -> new DlmsData.Utf8String(text(type, value));
      case "bit-string" -> ValueArgument.bits(text(type, value));
      case "bcd" -> new DlmsData.Bcd(Integer.parseInt(text(type, value), 16));
      case "float32" -> new DlmsData.Float32(Float.parseFloat(value.asString("")));
      case "float64" -> new DlmsData.Float64(Double.parseDouble(value.asString("")));
      case "date-time" -> new DlmsData.DateTime(ValueArgument.dateTime(text(type, value)));
      case "date" -> {
        LocalDate d = LocalDate.parse(text(type, value));
        yield new DlmsData.Date(
            d.getYear(), d.getMonthValue(), d.getDayOfMonth(), d.getDayOfWeek().getValue());
      }
      case "time" -> {
        LocalTime t = LocalTime.parse(text(type, value));
        yield new DlmsData.Time(
            t.getHour(), t.getMinute(), t.getSecond(), t.getNano() / 10_000_000);
      }
      default -> {
        if (!value.isNumber()) {
          throw new IllegalArgumentException("the value of a " + type + " is a number");
        }
        yield ValueArgument.number(type, value.decimalValue());
      }
    };
  }

  private static String text(String type, JsonNode value) {
    if (!value.isString()) {
      throw new IllegalArgumentException("the value of a " + type + " is a text");
    }
    return value.asString("");
  }

  private static List<DlmsData> elements(JsonNode value, int depth) {
    if (!value.isArray()) {
      throw new IllegalArgumentException("the value of an array or structure is a list");
    }
    List<DlmsData> elements = new ArrayList<>();
    for (JsonNode element : value) {
      elements.add(of(element, depth - 1));
    }
    return elements;
  }

  private static String shortly(JsonNode node) {
    String text = node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
