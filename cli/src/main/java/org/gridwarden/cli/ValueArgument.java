package org.gridwarden.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Locale;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * A COSEM value as a command takes it: {@code u32:5}, {@code bool:true}, {@code octets:0A0B}, or
 * JSON in the form that the commands print.
 */
final class ValueArgument {
  /** For the help. */
  static final String SYNTAX =
      "A value is TYPE:VALUE: u8, u16, u32, u64, i8, i16, i32, i64, enum, bcd with a number;"
          + " bool:true; f32, f64; octets:0A0B; text:abc (visible-string); utf8:abc; bits:0101;"
          + " obis:1.0.1.8.0.255; datetime:2026-11-25T00:00:00+01:00, date:2026-11-25,"
          + " time:12:30:00 (octet-strings, as most attributes want them); null. Or JSON, as the"
          + " commands print it: {\"type\":\"structure\",\"value\":[…]}. @FILE reads either from a"
          + " file.";

  private ValueArgument() {}

  /** The value, or a {@link Failure} that names what is wrong. */
  static DlmsData parse(String text) {
    if (text.startsWith("@")) {
      return parse(file(text.substring(1)));
    }
    if (text.startsWith("{")) {
      return JsonValue.parse(text);
    }
    if (text.equals("null")) {
      return DlmsData.NullData.of();
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw wrong("'" + text + "' has no type; write it as u32:5 or text:abc");
    }
    String type = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1);
    try {
      return of(type, value);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw wrong("'" + value + "' is no " + type + ": " + e.getMessage());
    }
  }

  private static String file(String name) {
    try {
      return Files.readString(Path.of(name)).strip();
    } catch (IOException e) {
      throw wrong("the value's file cannot be read: " + e.getMessage());
    }
  }

  private static DlmsData of(String type, String value) {
    return switch (type) {
      case "u8" -> new DlmsData.Unsigned8(whole(value));
      case "u16" -> new DlmsData.LongUnsigned(whole(value));
      case "u32" -> new DlmsData.DoubleLongUnsigned(Long.parseLong(value));
      case "u64" -> new DlmsData.Long64Unsigned(Long.parseUnsignedLong(value));
      case "i8" -> new DlmsData.Integer8(whole(value));
      case "i16" -> new DlmsData.Long16(whole(value));
      case "i32" -> new DlmsData.DoubleLong(whole(value));
      case "i64" -> new DlmsData.Long64(Long.parseLong(value));
      case "enum" -> new DlmsData.Enumerated(whole(value));
      case "bcd" -> new DlmsData.Bcd(Integer.parseInt(value, 16));
      case "bool" -> new DlmsData.Bool(flag(value));
      case "f32" -> new DlmsData.Float32(Float.parseFloat(value));
      case "f64" -> new DlmsData.Float64(Double.parseDouble(value));
      case "octets" -> DlmsData.OctetString.of(hex(value));
      case "text" -> new DlmsData.VisibleString(latin(value));
      case "utf8" -> new DlmsData.Utf8String(value);
      case "bits" -> bits(value);
      case "obis" -> DlmsData.OctetString.of(ObisCode.parse(value));
      case "datetime" -> DlmsData.OctetString.of(dateTime(value));
      case "date" -> date(LocalDate.parse(value));
      case "time" -> time(LocalTime.parse(value));
      default -> throw wrong("there is no type '" + type + "'. " + SYNTAX);
    };
  }

  /** A number that has to be whole and fit 32 bits; the type checks its own range. */
  private static int whole(String value) {
    return Integer.parseInt(value);
  }

  static boolean flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("it is true or false");
    };
  }

  static byte[] hex(String value) {
    return HexFormat.of().parseHex(value.replaceAll("[\\s:-]", ""));
  }

  static String latin(String value) {
    if (value.chars().anyMatch(c -> c > 0xFF)) {
      throw new IllegalArgumentException("a visible-string has no such characters; use utf8:");
    }
    return value;
  }

  static DlmsData bits(String value) {
    byte[] bytes = new byte[(value.length() + 7) / 8];
    for (int i = 0; i < value.length(); i++) {
      switch (value.charAt(i)) {
        case '1' -> bytes[i / 8] |= (byte) (0x80 >> i % 8);
        case '0' -> {
          // as it is
        }
        default -> throw new IllegalArgumentException("bits are zeros and ones");
      }
    }
    return DlmsData.BitString.of(bytes, value.length());
  }

  /** With the deviation that its offset means: +01:00 is -60 minutes. */
  static CosemDateTime dateTime(String value) {
    OffsetDateTime time = OffsetDateTime.parse(value);
    return CosemDateTime.of(time.toInstant(), time.getOffset());
  }

  private static DlmsData date(LocalDate d) {
    return DlmsData.OctetString.of(
        (byte) (d.getYear() >> 8),
        (byte) d.getYear(),
        (byte) d.getMonthValue(),
        (byte) d.getDayOfMonth(),
        (byte) d.getDayOfWeek().getValue());
  }

  private static DlmsData time(LocalTime t) {
    return DlmsData.OctetString.of(
        (byte) t.getHour(),
        (byte) t.getMinute(),
        (byte) t.getSecond(),
        (byte) (t.getNano() / 10_000_000));
  }

  /** A whole number's DlmsData by the standard's name of its type; empty where it is none. */
  static DlmsData number(String type, BigDecimal value) {
    long n =
        type.equals("long64-unsigned")
            ? unsigned(value.toBigIntegerExact())
            : value.longValueExact();
    return switch (type) {
      case "double-long" -> new DlmsData.DoubleLong(Math.toIntExact(n));
      case "double-long-unsigned" -> new DlmsData.DoubleLongUnsigned(n);
      case "integer" -> new DlmsData.Integer8(Math.toIntExact(n));
      case "long" -> new DlmsData.Long16(Math.toIntExact(n));
      case "unsigned" -> new DlmsData.Unsigned8(Math.toIntExact(n));
      case "long-unsigned" -> new DlmsData.LongUnsigned(Math.toIntExact(n));
      case "long64" -> new DlmsData.Long64(n);
      case "long64-unsigned" -> new DlmsData.Long64Unsigned(n);
      case "enum" -> new DlmsData.Enumerated(Math.toIntExact(n));
      default -> throw new IllegalArgumentException("there is no type '" + type + "' of numbers");
    };
  }

  private static long unsigned(BigInteger n) {
    if (n.signum() < 0 || n.bitLength() > 64) {
      throw new IllegalArgumentException("it does not fit 64 bits");
    }
    return n.longValue();
  }

  static Failure wrong(String what) {
    return new Failure(what, Gridwarden.WRONG_INPUT);
  }
}
