package org.gridwarden.cosem;

/**
 * A physical unit, as the unit enumeration of COSEM interface classes numbers them (IEC 62056-6-2,
 * clause 4.3.2, table of enumerated values for physical units). Codes that the table does not
 * define read as {@link #OTHER}.
 */
public enum Unit {
  YEAR(1, "a"),
  MONTH(2, "mo"),
  WEEK(3, "wk"),
  DAY(4, "d"),
  HOUR(5, "h"),
  MINUTE(6, "min"),
  SECOND(7, "s"),
  DEGREE(8, "°"),
  CELSIUS(9, "°C"),
  CURRENCY(10, "currency"),
  METRE(11, "m"),
  METRE_PER_SECOND(12, "m/s"),
  CUBIC_METRE(13, "m³"),
  CORRECTED_CUBIC_METRE(14, "m³ (corrected)"),
  CUBIC_METRE_PER_HOUR(15, "m³/h"),
  CORRECTED_CUBIC_METRE_PER_HOUR(16, "m³/h (corrected)"),
  CUBIC_METRE_PER_DAY(17, "m³/d"),
  CORRECTED_CUBIC_METRE_PER_DAY(18, "m³/d (corrected)"),
  LITRE(19, "l"),
  KILOGRAM(20, "kg"),
  NEWTON(21, "N"),
  NEWTON_METRE(22, "Nm"),
  PASCAL(23, "Pa"),
  BAR(24, "bar"),
  JOULE(25, "J"),
  JOULE_PER_HOUR(26, "J/h"),
  WATT(27, "W"),
  VOLT_AMPERE(28, "VA"),
  VAR(29, "var"),
  WATT_HOUR(30, "Wh"),
  VOLT_AMPERE_HOUR(31, "VAh"),
  VAR_HOUR(32, "varh"),
  AMPERE(33, "A"),
  COULOMB(34, "C"),
  VOLT(35, "V"),
  VOLT_PER_METRE(36, "V/m"),
  FARAD(37, "F"),
  OHM(38, "Ω"),
  OHM_METRE(39, "Ωm²/m"),
  WEBER(40, "Wb"),
  TESLA(41, "T"),
  AMPERE_PER_METRE(42, "A/m"),
  HENRY(43, "H"),
  HERTZ(44, "Hz"),
  ACTIVE_ENERGY_PULSE(45, "1/(Wh)"),
  REACTIVE_ENERGY_PULSE(46, "1/(varh)"),
  APPARENT_ENERGY_PULSE(47, "1/(VAh)"),
  VOLT_SQUARED_HOUR(48, "V²h"),
  AMPERE_SQUARED_HOUR(49, "A²h"),
  KILOGRAM_PER_SECOND(50, "kg/s"),
  SIEMENS(51, "S"),
  KELVIN(52, "K"),
  VOLT_SQUARED_HOUR_PULSE(53, "1/(V²h)"),
  AMPERE_SQUARED_HOUR_PULSE(54, "1/(A²h)"),
  VOLUME_PULSE(55, "1/m³"),
  PERCENT(56, "%"),
  AMPERE_HOUR(57, "Ah"),
  WATT_HOUR_PER_CUBIC_METRE(60, "Wh/m³"),
  JOULE_PER_CUBIC_METRE(61, "J/m³"),
  MOLE_PERCENT(62, "mol%"),
  GRAM_PER_CUBIC_METRE(63, "g/m³"),
  PASCAL_SECOND(64, "Pa·s"),
  JOULE_PER_KILOGRAM(65, "J/kg"),
  GRAM_PER_SQUARE_CENTIMETRE(66, "g/cm²"),
  ATMOSPHERE(67, "atm"),
  DECIBEL_MILLIWATT(70, "dBm"),
  DECIBEL_MICROVOLT(71, "dBµV"),
  DECIBEL(72, "dB"),
  RESERVED(253, "reserved"),
  OTHER(254, "other"),
  COUNT(255, "");

  private static final Unit[] BY_CODE = new Unit[256];

  static {
    java.util.Arrays.fill(BY_CODE, OTHER);
    for (Unit unit : values()) {
      BY_CODE[unit.code] = unit;
    }
  }

  private final int code;
  private final String symbol;

  Unit(int code, String symbol) {
    this.code = code;
    this.symbol = symbol;
  }

  /** The unit of a code 0 to 255; {@link #OTHER} where the standard has none. */
  public static Unit of(int code) {
    return BY_CODE[code & 0xFF];
  }

  /** The enumeration's number, 1 to 255. */
  public int code() {
    return code;
  }

  /** How people write it; empty for a count without a unit. */
  public String symbol() {
    return symbol;
  }
}
