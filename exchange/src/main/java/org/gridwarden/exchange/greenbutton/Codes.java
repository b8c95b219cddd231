package org.gridwarden.exchange.greenbutton;

import java.util.Map;
import java.util.OptionalInt;

/** Words for the schema's codes that occur in readings of energy. */
public final class Codes {
  /** Real energy. */
  public static final int WATT_HOUR = 72;

  /** Real power. */
  public static final int WATT = 38;

  static final int ENERGY = 12;
  static final int POWER = 37;

  private static final Map<Integer, String> UNITS =
      Map.ofEntries(
          Map.entry(0, ""),
          Map.entry(5, "A"),
          Map.entry(29, "V"),
          Map.entry(31, "J"),
          Map.entry(33, "Hz"),
          Map.entry(38, "W"),
          Map.entry(42, "m³"),
          Map.entry(61, "VA"),
          Map.entry(63, "var"),
          Map.entry(65, "cos φ"),
          Map.entry(71, "VAh"),
          Map.entry(72, "Wh"),
          Map.entry(73, "varh"),
          Map.entry(106, "Ah"),
          Map.entry(119, "ft³"),
          Map.entry(132, "BTU"),
          Map.entry(134, "l"),
          Map.entry(169, "therm"));

  private static final Map<Integer, String> SERVICES =
      Map.of(0, "electricity", 1, "gas", 2, "water", 4, "pressure", 5, "heat", 6, "cold");

  private static final Map<Integer, String> FLOWS =
      Map.of(0, "", 1, "delivered", 4, "net", 19, "received", 20, "total");

  private Codes() {}

  /** A unit's symbol, or its code. */
  static String unit(OptionalInt uom) {
    return uom.isEmpty() ? "?" : UNITS.getOrDefault(uom.getAsInt(), "uom " + uom.getAsInt());
  }

  static boolean known(int uom) {
    return UNITS.containsKey(uom);
  }

  static boolean energy(int uom) {
    return uom == WATT_HOUR || uom == 71 || uom == 73 || uom == 31 || uom == 132 || uom == 169;
  }

  static boolean power(int uom) {
    return uom == WATT || uom == 61 || uom == 63;
  }

  static String service(OptionalInt kind) {
    return kind.isEmpty()
        ? "?"
        : SERVICES.getOrDefault(kind.getAsInt(), "service " + kind.getAsInt());
  }

  static String flow(OptionalInt flow) {
    return flow.isEmpty() ? "" : FLOWS.getOrDefault(flow.getAsInt(), "flow " + flow.getAsInt());
  }
}
