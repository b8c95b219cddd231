package org.gridwarden.message.senml;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.MessageException;

/**
 * COSEM's units as SenML has them: the registry's symbols where it has one (RFC 8428, clause 12.1;
 * RFC 8798), {@code cosem:} and COSEM's number otherwise. Pure functions.
 */
final class SenmlUnits {
  private static final String OURS = "cosem:";

  /**
   * A unit by its symbol.
   *
   * @param shift by which power of ten the symbol's unit is the greater one
   * @param secondary whether the pack must say that it uses secondary units (RFC 9100, clause 4)
   */
  record Symbol(String text, int shift, boolean secondary) {}

  /** What a symbol stands for. */
  record Meaning(Unit unit, int shift) {}

  private static final Map<Unit, Symbol> SYMBOLS = new EnumMap<>(Unit.class);
  private static final Map<String, Meaning> MEANINGS = new HashMap<>();

  static {
    primary(Unit.SECOND, "s");
    primary(Unit.DEGREE, "deg");
    primary(Unit.CELSIUS, "Cel");
    primary(Unit.METRE, "m");
    primary(Unit.METRE_PER_SECOND, "m/s");
    primary(Unit.CUBIC_METRE, "m3");
    primary(Unit.LITRE, "l");
    primary(Unit.KILOGRAM, "kg");
    primary(Unit.NEWTON, "N");
    primary(Unit.PASCAL, "Pa");
    primary(Unit.JOULE, "J");
    primary(Unit.WATT, "W");
    primary(Unit.VOLT_AMPERE, "VA");
    primary(Unit.VAR, "var");
    primary(Unit.AMPERE, "A");
    primary(Unit.COULOMB, "C");
    primary(Unit.VOLT, "V");
    primary(Unit.FARAD, "F");
    primary(Unit.OHM, "Ohm");
    primary(Unit.WEBER, "Wb");
    primary(Unit.TESLA, "T");
    primary(Unit.HENRY, "H");
    primary(Unit.HERTZ, "Hz");
    primary(Unit.SIEMENS, "S");
    primary(Unit.KELVIN, "K");
    primary(Unit.DECIBEL, "dB");
    primary(Unit.COUNT, "count");
    secondary(Unit.HOUR, "h", 0);
    secondary(Unit.MINUTE, "min", 0);
    secondary(Unit.AMPERE_HOUR, "Ah", 0);
    secondary(Unit.WATT_HOUR, "Wh", 0);
    secondary(Unit.VAR_HOUR, "varh", 0);
    secondary(Unit.VOLT_AMPERE_HOUR, "kVAh", 3); // there is no VAh
    secondary(Unit.PERCENT, "/100", 0);
    secondary(Unit.DECIBEL_MILLIWATT, "dBm", 0);
    // others' greater and smaller units are understood, too
    MEANINGS.put("kWh", new Meaning(Unit.WATT_HOUR, 3));
    MEANINGS.put("kvarh", new Meaning(Unit.VAR_HOUR, 3));
    MEANINGS.put("kW", new Meaning(Unit.WATT, 3));
    MEANINGS.put("kvar", new Meaning(Unit.VAR, 3));
    MEANINGS.put("kVA", new Meaning(Unit.VOLT_AMPERE, 3));
    MEANINGS.put("mV", new Meaning(Unit.VOLT, -3));
    MEANINGS.put("mA", new Meaning(Unit.AMPERE, -3));
    MEANINGS.put("MHz", new Meaning(Unit.HERTZ, 6));
    MEANINGS.put("hPa", new Meaning(Unit.PASCAL, 2));
    MEANINGS.put("ms", new Meaning(Unit.SECOND, -3));
  }

  private SenmlUnits() {}

  private static void primary(Unit unit, String text) {
    put(unit, new Symbol(text, 0, false));
  }

  private static void secondary(Unit unit, String text, int shift) {
    put(unit, new Symbol(text, shift, true));
  }

  private static void put(Unit unit, Symbol symbol) {
    SYMBOLS.put(unit, symbol);
    MEANINGS.put(symbol.text(), new Meaning(unit, symbol.shift()));
  }

  static Symbol of(Unit unit) {
    return SYMBOLS.getOrDefault(unit, new Symbol(OURS + unit.code(), 0, false));
  }

  /**
   * What a symbol means; no symbol is a count.
   *
   * @throws MessageException where it is none of those
   */
  static Meaning of(String symbol) throws MessageException {
    if (symbol.isEmpty()) {
      return new Meaning(Unit.COUNT, 0);
    }
    Meaning meaning = MEANINGS.get(symbol);
    if (meaning != null) {
      return meaning;
    }
    if (symbol.startsWith(OURS) && symbol.length() <= OURS.length() + 3) {
      try {
        Unit unit = Unit.of(Integer.parseInt(symbol.substring(OURS.length())));
        if (symbol.equals(OURS + unit.code())) {
          return new Meaning(unit, 0);
        }
      } catch (NumberFormatException e) {
        // told below
      }
    }
    throw MessageException.unsupported("a unit is not known");
  }
}
