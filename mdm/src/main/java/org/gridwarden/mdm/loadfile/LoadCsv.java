package org.gridwarden.mdm.loadfile;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridwarden.cosem.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The form of a load file: the header {@code meter,start,kwh} (or {@code kw}, the interval's
 * average), a line an interval, the start in ISO 8601 with its offset, an empty value where there
 * is none. Further columns are not read, but for {@code quality}: what an earlier run estimated is
 * a gap again. Immutable.
 */
public final class LoadCsv {
  /** Values are kept in billionths. */
  public static final int DECIMALS = 9;

  private static final BigDecimal MOST = new BigDecimal("9000000000");
  private static final int LONGEST_NAME = 200;

  private final Unit unit;
  private final int meterAt;
  private final int startAt;
  private final int valueAt;
  private final int qualityAt;
  private final int columns;

  private LoadCsv(Unit unit, int meterAt, int startAt, int valueAt, int qualityAt, int columns) {
    this.unit = unit;
    this.meterAt = meterAt;
    this.startAt = startAt;
    this.valueAt = valueAt;
    this.qualityAt = qualityAt;
    this.columns = columns;
  }

  /**
   * Reads the header.
   *
   * @throws LoadFileException where it is another one
   */
  public static LoadCsv header(@Nullable String line) throws LoadFileException {
    List<String> names = new ArrayList<>();
    if (line != null) {
      String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
      for (String name : text.split(",", -1)) {
        names.add(name.strip().replace("\"", "").toLowerCase(Locale.ROOT));
      }
    }
    boolean energy = names.contains("kwh");
    boolean power = names.contains("kw");
    if (!names.contains("meter") || !names.contains("start") || energy == power) {
      throw new LoadFileException(
          "line 1: the header is "
              + (line == null ? "missing" : "'" + shown(line) + "'")
              + "; write meter,start,kwh (or kw for the average power)");
    }
    return new LoadCsv(
        energy ? Unit.WATT_HOUR : Unit.WATT,
        names.indexOf("meter"),
        names.indexOf("start"),
        names.indexOf(energy ? "kwh" : "kw"),
        names.indexOf("quality"),
        names.size());
  }

  /** What the values are. */
  public Unit unit() {
    return unit;
  }

  /** The value's column. */
  public String valueColumn() {
    return unit == Unit.WATT_HOUR ? "kwh" : "kw";
  }

  /** The same where what an earlier run estimated is a value as others are. */
  public LoadCsv withEstimates() {
    return new LoadCsv(unit, meterAt, startAt, valueAt, -1, columns);
  }

  /**
   * What a line says.
   *
   * @param number the line's, to be named in messages
   * @throws BadLine where it is not as the header says
   */
  public LoadLine parse(String line, int number) throws BadLine {
    String[] parts = fields(line);
    if (parts.length != columns) {
      throw new BadLine(
          "has " + parts.length + " fields where the header has " + columns + ": " + shown(line));
    }
    String meter = parts[meterAt].strip();
    if (meter.isEmpty() || meter.length() > LONGEST_NAME) {
      throw new BadLine(
          meter.isEmpty()
              ? "names no meter; write its name into the first field"
              : "has a meter's name of more than " + LONGEST_NAME + " characters");
    }
    OffsetDateTime start = start(parts[startAt].strip());
    long second = start.toEpochSecond();
    int offset = start.getOffset().getTotalSeconds();
    boolean zulu = parts[startAt].strip().endsWith("Z");
    String text = parts[valueAt].strip();
    boolean made =
        qualityAt >= 0
            && (parts[qualityAt].equals("estimated") || parts[qualityAt].equals("missing"));
    if (text.isEmpty() || made) {
      return new LoadLine(meter, second, offset, zulu, 0, -1, number);
    }
    BigDecimal value = value(text);
    return new LoadLine(
        meter,
        second,
        offset,
        zulu,
        value.movePointRight(DECIMALS).longValueExact(),
        Math.max(0, value.scale()),
        number);
  }

  private static OffsetDateTime start(String text) throws BadLine {
    try {
      OffsetDateTime at = OffsetDateTime.parse(text.replace(' ', 'T'));
      if (at.getNano() != 0 || at.getYear() < 1970 || at.getYear() > 2200) {
        throw new BadLine("starts at " + shown(text) + "; write whole seconds from 1970 to 2200");
      }
      return at;
    } catch (DateTimeException e) {
      throw new BadLine(
          "starts at '"
              + shown(text)
              + "'; write date, time and offset, as in 2026-03-29T01:45:00+01:00");
    }
  }

  private BigDecimal value(String text) throws BadLine {
    BigDecimal value;
    try {
      if (text.length() > 40) {
        throw new NumberFormatException("too long");
      }
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new BadLine(
          "has the "
              + valueColumn()
              + " '"
              + shown(text)
              + "'; write a number with a decimal point, or nothing for a gap");
    }
    if (Math.abs((long) value.precision() - value.scale()) > 12 && value.signum() != 0
        || value.abs().compareTo(MOST) > 0) {
      throw new BadLine("has the " + valueColumn() + " " + shown(text) + ", which no meter has");
    }
    if (value.scale() > DECIMALS) {
      BigDecimal plain = value.stripTrailingZeros();
      if (plain.scale() > DECIMALS) {
        throw new BadLine("has more than " + DECIMALS + " decimals; round it: " + shown(text));
      }
      return plain;
    }
    return value;
  }

  private static String[] fields(String line) throws BadLine {
    if (line.indexOf('"') < 0) {
      return line.split(",", -1);
    }
    List<String> out = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        out.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new BadLine("has a quotation mark that is not closed: " + shown(line));
    }
    out.add(field.toString());
    return out.toArray(new String[0]);
  }

  /** What a message shows of a text that may be long or not printable. */
  public static String shown(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(60, text.length()); i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '?' : c);
    }
    return text.length() > 60 ? out + "…" : out.toString();
  }
}
