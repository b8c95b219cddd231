package org.gridwarden.dlms;

import java.math.BigDecimal;
import org.gridwarden.dlms.CosemDateTime.DeviationSign;

/** Values as text for people and for JSON. */
final class ValueText {
  private ValueText() {}

  static String of(DlmsData value, Scaling scaling, DeviationSign sign) {
    return switch (value) {
      case DlmsData.Whole whole -> {
        int scaler = scaling.scaler();
        yield scaler == 0
            ? whole.decimal().toPlainString()
            : whole.decimal().scaleByPowerOfTen(scaler).toPlainString();
      }
      case DlmsData.Float32 f -> real(f.value(), Float.toString(f.value()), scaling);
      case DlmsData.Float64 f -> real(f.value(), Double.toString(f.value()), scaling);
      case DlmsData.NullData _, DlmsData.DontCare _ -> "";
      case DlmsData.Bool b -> Boolean.toString(b.value());
      case DlmsData.BitString b -> b.toString();
      case DlmsData.VisibleString s -> s.value();
      case DlmsData.Utf8String s -> s.value();
      case DlmsData.Bcd b -> "%02X".formatted(b.bits());
      case DlmsData.DateTime t -> t.value().text(sign);
      case DlmsData.Date d -> date(d.year(), d.month(), d.day());
      case DlmsData.Time t -> time(t.hour(), t.minute(), t.second());
      case DlmsData.OctetString s -> octets(s, sign);
      case DlmsData.Composite c -> c.typeName() + " of " + c.size();
    };
  }

  /** Printable text, a date-time, or hexadecimal. */
  static String octets(DlmsData.OctetString s, DeviationSign sign) {
    int length = s.length();
    while (length > 0 && s.at(length - 1) == 0) {
      length--; // fixed-width fields are filled with NUL
    }
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      int c = s.at(i);
      if (c < 0x20 || c > 0x7E) {
        return s.length() == 12 && CosemDateTime.plausible(s.buffer(), s.from())
            ? CosemDateTime.of(s.buffer(), s.from()).text(sign)
            : s.hex();
      }
      text.append((char) c);
    }
    return length == 0 ? s.hex() : text.toString();
  }

  private static String real(double value, String shortest, Scaling scaling) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return shortest;
    }
    return new BigDecimal(shortest).scaleByPowerOfTen(scaling.scaler()).toPlainString();
  }

  static String date(int year, int month, int day) {
    return (year == 0xFFFF ? "*" : "%04d".formatted(year)) + "-" + field(month) + "-" + field(day);
  }

  static String time(int hour, int minute, int second) {
    return field(hour) + ":" + field(minute) + ":" + field(second);
  }

  private static String field(int value) {
    return value == 0xFF ? "*" : "%02d".formatted(value);
  }
}
