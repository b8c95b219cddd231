package org.gridwarden.server;

import java.util.Map;
import org.gridwarden.cosem.ObisCode;

/** What the common electricity channels measure (IEC 62056-6-1, value groups C and D). */
final class ChannelNames {
  private static final Map<Integer, String> QUANTITIES =
      Map.ofEntries(
          Map.entry(1, "Active power +"),
          Map.entry(2, "Active power −"),
          Map.entry(3, "Reactive power +"),
          Map.entry(4, "Reactive power −"),
          Map.entry(5, "Reactive power QI"),
          Map.entry(6, "Reactive power QII"),
          Map.entry(7, "Reactive power QIII"),
          Map.entry(8, "Reactive power QIV"),
          Map.entry(9, "Apparent power +"),
          Map.entry(10, "Apparent power −"),
          Map.entry(13, "Power factor"),
          Map.entry(14, "Frequency"),
          Map.entry(31, "Current L1"),
          Map.entry(51, "Current L2"),
          Map.entry(71, "Current L3"),
          Map.entry(91, "Current N"),
          Map.entry(32, "Voltage L1"),
          Map.entry(52, "Voltage L2"),
          Map.entry(72, "Voltage L3"),
          Map.entry(21, "Active power + L1"),
          Map.entry(41, "Active power + L2"),
          Map.entry(61, "Active power + L3"));

  private ChannelNames() {}

  /** A name for a person, or the code itself. */
  static String of(ObisCode code) {
    String text = code.toString();
    String channel = code.b() == 0 ? "" : ", channel " + code.b();
    if (code.equals(ObisCode.of(0, code.b(), 96, 3, 10, 255))) {
      return "Switch" + channel;
    }
    String quantity = QUANTITIES.get(code.c());
    if (code.a() != 1 || quantity == null) {
      return text;
    }
    String tariff = (code.e() == 0 ? "" : ", tariff " + code.e()) + channel;
    return switch (code.d()) {
      case 7 -> quantity + channel;
      case 8 -> quantity.replace("power", "energy") + " register" + tariff;
      case 29 -> quantity.replace("power", "energy") + " interval" + tariff;
      case 6 -> quantity + " maximum" + tariff;
      default -> text;
    };
  }
}
